"""What the schemas find: two validators that agree, findings that name field, rule and expectation, and no value that breaks them."""

from __future__ import annotations

import copy
import json
import math
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schema_examples import EXAMPLES

from conformance.rules.judging import judge
from conformance.rules.schema_findings import UNKNOWN_FIELD, is_valid, schema_findings, shape_of
from conformance.rules.table import RULES, Finding
from conformance.schemas import load_schema, schema_registry
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Fidelity, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK: dict[str, Any] = EXAMPLES["openai-chat/chunk"][0]
COMPLETION: dict[str, Any] = EXAMPLES["openai-chat/completion"][0]
#: What may stand where something else should. `...` removes the member.
JUNK: list[Any] = [
        None, True, False, 0, 1, -1, 7, 1.0, 0.5, 1e300, 2**53, 2**64, "", "x", "stop", "assistant", [], {}, [None], [[]], ["x"], [{}],
        {"a": 1}, {"": {}}, {"id": []}, {"index": {}}, ...]  # fmt: skip
#: Where each dialect is asked.
PATHS = {
    "openai-chat": "/v1/chat/completions",
    "openai-completions": "/v1/completions",
    "openai-responses": "/v1/responses",
    "anthropic-messages": "/v1/messages",
    "gemini": "/v1beta/models/example:streamGenerateContent?alt=sse",
}

#: The dialects whose streams are server-sent events; the others' examples are judged by the tests of their own rules.
JUDGED = [name for name in EXAMPLES if name.partition("/")[0] in PATHS and not name.endswith("/request")]


def streamed(*payloads: object, dialect: str = "openai-chat", status: int = 200, fidelity: Fidelity = "full") -> Case:
    """Return a stream of these payloads; bytes stand as they are."""
    texts = [payload if isinstance(payload, bytes) else json.dumps(payload).encode() for payload in payloads]
    body = b"".join(b"data: " + text + b"\n\n" for text in texts)
    return answered(body, dialect=dialect, status=status, content_type="text/event-stream", fidelity=fidelity)


def plain(payload: object, path: str | None = None, dialect: str = "openai-chat", status: int = 200) -> Case:
    """Return one JSON body."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return answered(body, path=path, dialect=dialect, status=status)


def answered(
    body: bytes,
    *,
    path: str | None = None,
    dialect: str = "openai-chat",
    status: int = 200,
    content_type: str = "application/json",
    fidelity: Fidelity = "full",
) -> Case:
    """Return an answer to a request of a dialect."""
    asked = json.dumps({"model": "example-large", "messages": [{"role": "user", "content": "Hi"}], "stream": True})
    method = "GET" if path is not None else "POST"
    request = Request(method, f"https://api.example.com{path or PATHS[dialect]}", {}, b"" if path else asked.encode())
    response = Response(status, {"content-type": content_type}, body, "clean")
    return Case(Exchange("x1", request, response, dialect=dialect, fidelity=fidelity))


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every part of a value but itself."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from spots(part, (*path, key))


def put(value: Any, path: tuple[Any, ...], part: Any) -> None:
    """Set what stands at a path; `...` removes it."""
    for key in path[:-1]:
        value = value[key]
    if part is ...:
        del value[path[-1]]
    else:
        value[path[-1]] = part


def changed(value: Any, *changes: tuple[tuple[Any, ...], Any]) -> Any:
    """Return a copy of a value with some parts changed."""
    value = copy.deepcopy(value)
    for path, part in changes:
        put(value, path, part)
    return value


@st.composite
def mutants(draw: st.DrawFn, value: Any) -> Any:
    """Return a value with up to three of its parts changed."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(0, 3))):
        paths = list(spots(value))
        if not paths:
            return value
        put(value, draw(st.sampled_from(paths)), copy.deepcopy(draw(st.sampled_from(JUNK))))
    return value


def found(case: Case) -> dict[str, list[str]]:
    """Return the messages of the schema findings by rule."""
    return {rule: [finding.message for finding in findings] for rule, findings in case.view(schema_findings).items()}


class Told(NamedTuple):
    """A change to a conforming chunk, the rule that must find it, and its words."""

    path: tuple[Any, ...]
    part: Any
    rule: str
    message: str


CALL = ("choices", 0, "delta", "tool_calls", 0)
TOLD = [
    Told((*CALL, "index"), ..., "tool_call.index_required",
         "event 0: choices[0].delta.tool_calls[0].index is missing, expected an integer"),
    Told((*CALL, "index"), "0", "tool_call.index_required",
         "event 0: choices[0].delta.tool_calls[0].index is '0', expected an integer"),
    Told((*CALL, "function", "arguments"), {"a": 1}, "tool_call.arguments_string",
         "event 0: choices[0].delta.tool_calls[0].function.arguments is {'a': 1}, expected a string or null"),
    Told(("id",), "", "envelope.id_nonempty", "event 0: id is '', expected a non-empty string"),
    Told(("id",), ..., "envelope.id_nonempty", "event 0: id is missing, expected a non-empty string"),
    Told(("object",), "chat.completion", "envelope.object_const",
         "event 0: object is 'chat.completion', expected 'chat.completion.chunk'"),
    Told(("created",), 0, "envelope.created_unix_seconds",
         "event 0: created is 0, expected an integer between 1000000000 and 9999999999"),
    Told(("created",), "now", "envelope.created_unix_seconds",
         "event 0: created is 'now', expected an integer between 1000000000 and 9999999999"),
    Told(("choices",), None, "chunk.choices_required", "event 0: choices is null, expected an array"),
    Told(("choices", 0), "text", "schema.choice", "event 0: choices[0] is 'text', expected an object"),
    Told(("choices", 0, "delta"), ..., "chunk.delta_required", "event 0: choices[0].delta is missing, expected an object"),
    Told(("choices", 0, "delta", "content"), [], "content.string_or_null",
         "event 0: choices[0].delta.content is [], expected a string or null"),
    Told(("choices", 0, "finish_reason"), "", "finish_reason.null_not_empty",
         "event 0: choices[0].finish_reason is '', expected null before the end, a finish reason at it"),
    Told(("choices", 0, "finish_reason"), "eos", "finish_reason.enum",
         "event 0: choices[0].finish_reason is 'eos', expected stop, length, tool_calls, content_filter or function_call"),
    Told(("choices", 0, "finish_reason"), ..., "finish_reason.present_nullable",
         "event 0: choices[0].finish_reason is missing, expected null, or a finish reason"),
    Told(("choices", 0, "logprobs", "content", 0, "logprob"), "high", "logprobs.shape",
         "event 0: choices[0].logprobs.content[0].logprob is 'high', expected a number"),
    Told(("usage",), {"prompt_tokens": -1, "completion_tokens": 1, "total_tokens": 0}, "schema.usage",
         "event 0: usage.prompt_tokens is -1, expected an integer of at least 0"),
    Told(("system_fingerprint",), 7, "schema.chunk", "event 0: system_fingerprint is 7, expected a string or null"),
    Told(("provider",), None, "vendor.extension_schema", "event 0: provider is null, expected a string"),
    Told(("x~y/z",), 1, UNKNOWN_FIELD, "event 0: x~y/z is a field that the schema does not name, expected nothing there"),
    Told((*CALL, "call_type"), 1, UNKNOWN_FIELD,
         "event 0: choices.*.delta.tool_calls.*.call_type is a field that the schema does not name, expected nothing there"),
]  # fmt: skip


def test_every_finding_names_the_place_what_stood_there_and_what_should() -> None:
    findings = [(found(streamed(changed(CHUNK, (told.path, told.part)))), told) for told in TOLD]
    assert [(told, messages) for messages, told in findings if messages != {told.rule: [told.message]}] == []


def test_no_good_example_of_a_whole_answer_has_a_finding() -> None:
    alarms = {}
    for name in JUDGED:
        dialect, _, shape = name.partition("/")
        good = EXAMPLES[name][0]
        cases = {
            "chunk": partial(streamed, good, dialect=dialect),
            "completion": partial(plain, good, dialect=dialect),
            "error": partial(plain, good, dialect=dialect, status=400),
            "models": partial(plain, good, "/v1/models", dialect),
            "model": partial(plain, good, "/v1/models/example-large", dialect),
        }
        if shape in cases:
            alarms[name] = found(cases[shape]())
    assert len(alarms) > 10
    assert {name: findings for name, findings in alarms.items() if findings} == {}


@pytest.mark.parametrize("name", JUDGED)
@given(data=st.data())
def test_both_validators_decide_alike(name: str, data: st.DataObject) -> None:
    value = data.draw(mutants(EXAMPLES[name][0]))
    explained = Draft202012Validator(load_schema(name), registry=schema_registry()).is_valid(value)
    assert is_valid(name, value) == is_valid(name, value, lenient=True) == explained


@pytest.mark.parametrize("dialect", PATHS)
@given(data=st.data())
def test_every_refused_chunk_is_explained_and_every_judgement_comes_to_its_end(
    dialect: str, data: st.DataObject
) -> None:
    name = f"{dialect}/chunk"
    value = data.draw(mutants(EXAMPLES[name][0]))
    case = streamed(value, dialect=dialect)
    findings = schema_findings(case)
    assert findings.keys() <= RULES.keys()
    assert all(findings.values())
    if not case.reply.errors:
        assert bool(findings.keys() - {UNKNOWN_FIELD}) == (not is_valid(name, value))
    judge(case)


@pytest.mark.parametrize("dialect", PATHS)
@given(data=st.data())
def test_every_judgement_of_a_body_comes_to_its_end(dialect: str, data: st.DataObject) -> None:
    value = data.draw(mutants(EXAMPLES[f"{dialect}/completion"][0]))
    assert judge(plain(value, dialect=dialect)).checked
    assert judge(plain(value, dialect=dialect, status=500)).checked


@given(mutants([CHUNK]))
def test_a_finding_is_told_once_a_rule_pointer_and_event(value: Any) -> None:
    case = streamed(*value, *value)
    told = [(rule, one.pointer, one.event) for rule, findings in schema_findings(case).items() for one in findings]
    assert len(told) == len(set(told))


@given(st.lists(mutants(CHUNK), min_size=2, max_size=4))
def test_what_is_wrong_with_a_chunk_does_not_depend_on_the_chunks_before_it(values: list[Any]) -> None:
    together = schema_findings(streamed(*values))
    for number, value in enumerate(values):
        alone = schema_findings(streamed(value))
        for rule in {*alone, *together} - {UNKNOWN_FIELD}:
            told = [(one.pointer, one.received, one.expected) for one in together.get(rule, ()) if one.event == number]
            assert told == [(one.pointer, one.received, one.expected) for one in alone.get(rule, ())]


ODD = {
    "NaN": b'{"logprob": NaN, "top_logprobs": Infinity}',
    "a lone surrogate": b'{"id": "\\ud83d", "content": "\\ud83d"}',
    "a key that is a lone surrogate": b'{"\\udc00": {"\\ud83d": 1}}',
    "an integer beyond 64 bits": b'{"created": 123456789012345678901234567890, "a": 1e999}',
    "values nested 1000 deep": b'{"created": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "unknown fields nested 1000 deep": b'{"a": ' * 1000 + b"1" + b"}" * 1000,
    "choices nested 1000 deep": b'{"choices": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "an empty key": b'{"": {"": 1}}',
    "a scalar": b"7",
    "nothing": b"",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("dialect", PATHS)
def test_no_odd_value_breaks_a_judgement(name: str, dialect: str) -> None:
    good = EXAMPLES[f"{dialect}/chunk"][0]
    merged = ODD[name] if ODD[name] in {b"7", b""} else json.dumps(good).encode()[:-1] + b", " + ODD[name][1:]
    for case in (
        streamed(merged, dialect=dialect),
        streamed(ODD[name], good, dialect=dialect),
        plain(ODD[name], dialect=dialect),
        plain(merged, dialect=dialect),
        plain(ODD[name], dialect=dialect, status=400),
        plain(b'{"error": ' + (ODD[name] or b"{") + b"}", dialect=dialect, status=500),
    ):
        for finding in judge(case).findings:
            assert json.dumps(finding.message).isascii()
            finding.message.encode()  # what is printed is UTF-8


def test_jsonschema_decides_what_only_a_lenient_parser_reads() -> None:
    logprobs = {"content": [{"token": "\ud83d", "logprob": math.nan, "top_logprobs": []}]}
    assert is_valid("openai-chat/logprobs", logprobs, lenient=True)
    chunk = json.dumps(changed(CHUNK, (("choices", 0, "logprobs"), logprobs), (("id",), "")))
    assert found(streamed(chunk.encode())) == {
        "envelope.id_nonempty": ["event 0: id is '', expected a non-empty string"]
    }


def test_an_additive_field_is_noted_once_an_exchange_at_its_first_place() -> None:
    more = changed(CHUNK, (("b",), 1), (("a",), None), ((*CALL, "extra"), {"deep": 1}))
    case = streamed(CHUNK, more, more)
    assert [(one.pointer, one.event) for one in schema_findings(case)[UNKNOWN_FIELD]] == [
        ("/b", 1), ("/a", 1), ("/choices/*/delta/tool_calls/*/extra", 1),
    ]  # fmt: skip


def test_all_errors_of_a_chunk_are_reported_at_once() -> None:
    broken = changed(CHUNK, (("id",), ...), (("created",), 1.5), ((*CALL, "index"), None))
    assert found(streamed(broken)).keys() == {
        "envelope.id_nonempty",
        "envelope.created_unix_seconds",
        "tool_call.index_required",
    }


def test_an_error_body_is_held_against_the_schema_of_errors_only() -> None:
    flat = {"object": "error", "message": "no such model", "code": 404}
    assert found(plain(flat, status=404)) == {"error.envelope_object": ["error is missing, expected an object"]}
    assert found(streamed(CHUNK, {"error": {"message": "overloaded", "type": 7}})) == {
        "error.fields": ["event 1: error.type is 7, expected a word or null"]
    }


def test_a_bare_array_of_models_is_no_listing() -> None:
    case = plain([EXAMPLES["openai-chat/model"][0]], "/v1/models")
    assert found(case).keys() == {"model.list_envelope"}


def test_an_sdks_dump_is_held_against_no_schema() -> None:
    case = streamed({"id": 7}, fidelity="sdk-level")
    assert shape_of(case) is None
    assert schema_findings(case) == {}


def test_a_finding_without_an_event_stands_in_a_body() -> None:
    (finding,) = schema_findings(plain(changed(COMPLETION, (("choices", 0, "index"), ...))))["choice.index"]
    assert finding == Finding("/choices/0/index", "is missing", "an integer of at least 0", None)
    assert finding.message == "choices[0].index is missing, expected an integer of at least 0"
