"""A request's own JSON Schema, made to never end: the row is judged by all other rules, and the reason is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.schemas.carried import problem_of_schema, violations
from conformance.schemas.not_judged import NotJudgedError

if TYPE_CHECKING:
    from pathlib import Path

Schema = dict[str, Any]


def chain(length: int) -> Schema:
    """Return references one behind the other."""
    links = {f"a{at}": {"$ref": f"#/$defs/a{at + 1}"} for at in range(length)}
    return {"$defs": {**links, f"a{length}": {"type": "object"}}, "$ref": "#/$defs/a0"}


def fan(name: str, word: str = "anyOf") -> Schema:
    """Return references that double at each of sixty steps."""
    parts: Schema = {}
    for at in range(60):
        below = {"$ref": f"{name}{at + 1}"}
        parts[f"a{at}"] = {"$anchor": f"a{at}", word: [below, dict(below)]}
    parts["a60"] = {"$anchor": "a60", "type": "string"}
    return {"$defs": parts, "$ref": f"{name}0"}


def deep(levels: int) -> Any:
    """Return objects within each other."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


_BRANCHES = [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}, "required": ["b"]}]
ENDLESS: dict[str, tuple[Schema, Any]] = {
    "itself": ({"$ref": "#"}, {"a": 1}),
    "itself in a list": ({"allOf": [{"$ref": "#"}]}, {"a": 1}),
    "two of each other": ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, {}),
    "a dynamic reference": ({"$dynamicRef": "#m", "$dynamicAnchor": "m"}, {}),
    "a long chain": (chain(1000), {}),
    "a fan": (fan("#/$defs/a"), {"a": 1}),
    "a fan of names": (fan("#a"), {"a": 1}),
    "a fan of all": (fan("#a", "allOf"), {"a": 1}),
    "two branches a level": ({"anyOf": _BRANCHES}, deep(100)),
    "many choices": ({"items": {"anyOf": [{"const": at} for at in range(2000)]}}, list(range(-2000, 0))),
    "many words": ({"items": {"enum": [[at] for at in range(5000)]}}, [[-at] for at in range(1, 2000)]),
}
PATTERNS = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "(.*)*x$",
    "^(?=(a+)+$)x",
    r"^(a+)+\1$",
    "((a{0,100}){0,100}){0,100}$",
    "[ab]*a[ab]{300}c",
]


@pytest.mark.parametrize("name", ENDLESS)
def test_a_schema_that_never_ends_is_not_judged_and_the_reason_is_told(name: str) -> None:
    with pytest.raises(NotJudgedError, match="request's own schema"):
        list(violations(*ENDLESS[name]))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_of_a_caller_runs_away(pattern: str) -> None:
    for text in ("a" * 5000 + "!", "ab" * 5000):
        try:
            list(violations({"properties": {"a": {"pattern": pattern}}}, {"a": text}))
        except NotJudgedError as error:
            assert "pattern" in str(error)  # noqa: PT017 - either is right, and both end


def test_many_unique_items_are_compared_once() -> None:
    items = [{"k": [at]} for at in range(20_000)]
    assert list(violations({"uniqueItems": True}, items)) == []
    assert list(violations({"uniqueItems": True}, [*items, {"k": [7]}])) != []


def test_a_large_value_is_told_its_first_violation() -> None:
    names = {"a" * 40 + str(at): 1 for at in range(5000)}
    assert len(list(violations({"propertyNames": {"pattern": "^(a+)+$"}}, names))) == 1


def test_what_a_schema_asks_for_is_still_told() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"pattern": "^x(?=y)"}},
        "required": ["c"],
    }
    assert [pointer for pointer, _ in violations(schema, {"a": "1", "b": "xz"})] == ["", "/a", "/b"]
    assert list(violations(schema, {"a": 1, "b": "xy", "c": None})) == []
    tree = {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#"}, {"type": "integer"}]}}}
    assert list(violations(tree, deep(40))) == []


@pytest.mark.parametrize("value", ["\ud800", float("nan"), 10**400, 1e300])
def test_values_that_few_parsers_take_are_judged(value: Any) -> None:
    assert list(violations({"properties": {"a": {"minLength": 0}}}, {"a": value})) == []


def test_what_is_no_schema_is_said() -> None:
    assert problem_of_schema({"type": "nope"}) is not None
    assert problem_of_schema({"type": "object"}) is None


def row(**more: Any) -> str:
    """Return one exchange as a line: a tool with a schema, and a call."""
    function = {"name": "f", "parameters": more.pop("schema", {"type": "object"})}
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    answer = {
        "id": "c", "object": "chat.completion", "created": 1_780_000_000, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
    }  # fmt: skip
    asked = {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"type": "function", "function": function}],
    }
    request = {"method": "POST", "url": "https://api.example.com/v1/chat/completions", "body": json.dumps(asked)}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(answer)}
    return json.dumps({"request": {**request, **more.pop("request", {})}, "response": {**response, **more}})


def test_one_endless_row_costs_an_audit_one_rule_of_that_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([row(), row(schema=fan("#a")), row()]))
    main(["audit", "--jobs", "1", "--format", "jsonl", str(path)])
    printed = capsys.readouterr()
    first, endless, last = map(json.loads, printed.out.splitlines())
    assert first["rules_checked"] == last["rules_checked"] == endless["rules_checked"] + 1
    assert "#1: tool_call.arguments_schema not judged: the request's own schema would take too long" in printed.err


@pytest.mark.parametrize(
    "hostile",
    [
        row(request={"url": "http://[::1/v1/chat/completions"}),
        row(request={"url": "http://a:99999999999/v1/chat/completions"}),
        row(request={"url": "http://[fe80::%25/v1/chat/completions"}),
        row().replace('"status": 200', '"status": ' + "9" * 5000),
        row(headers={"content-type": "text/event-stream; charset=\ud800nope"}),
        row(headers={"content-encoding": "gzip"}),
        row(request={"body": "[" * 100_000}),
        '{"request": ' + "[" * 100_000,
        '{"a": ' + "9" * 5000 + ', "b": NaN}',
        "\ufffe\ud800".encode("utf-8", "replace").decode(),
    ],
    ids=["url", "port", "zone", "status", "charset", "gzip", "body", "brackets", "digits", "bom"],
)
def test_a_hostile_row_costs_that_row_only(tmp_path: Path, capsys: pytest.CaptureFixture[str], hostile: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{row()}\n{hostile}\n{row()}")
    code = main(["audit", "--jobs", "1", "--format", "jsonl", str(path)])
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert len(lines) == 3
    assert lines[0]["rules_checked"] == lines[2]["rules_checked"] > 0
    assert "Traceback" not in printed.err
    assert code == 3 or "error" not in lines[1]
