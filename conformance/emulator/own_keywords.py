"""What JSON Schema cannot state of a request: strict schemas that leave something open, and calls without results.

Each yields the path of the value at fault, the value, and the words that a message needs about it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.schemas.request_schema import Path


def strict_response_format(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield what a strict `response_format` leaves open."""
    wanted = _table(_table(body.get("response_format")).get("json_schema"))
    if wanted.get("strict") is True:
        schema = _table(wanted.get("schema"))
        for problem in (*_rootless(schema), *_open(schema)):
            yield ("response_format",), wanted, f"Invalid schema for response_format '{wanted.get('name')}': {problem}"


def strict_tools(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield what the parameters of a strict function leave open."""
    for position, tool in enumerate(_list(body.get("tools"))):
        function = _table(_table(tool).get("function"))
        if function.get("strict") is True:
            for problem in _open(_table(function.get("parameters"))):
                words = f"Invalid schema for function '{function.get('name')}': {problem}"
                yield ("tools", position, "function", "parameters"), function, words


def _rootless(schema: Mapping[str, Any]) -> Iterator[str]:
    kind = schema.get("type")
    if kind != "object":
        shown = kind if isinstance(kind, str) else None
        yield f"""schema must be a JSON Schema of 'type: "object"', got 'type: "{shown}"'."""


def missing_results(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield the ids of calls that the tool messages right after them do not answer."""
    turns = [_table(turn) for turn in _list(body.get("messages"))]
    for position, turn in enumerate(turns):
        asked = [str(_table(call).get("id")) for call in _list(turn.get("tool_calls"))]
        answered = set[str]()
        for later in turns[position + 1 :]:
            if later.get("role") != "tool":
                break
            answered.add(str(later.get("tool_call_id")))
        missing = [name for name in asked if name not in answered]
        if missing:
            yield ("messages",), turn, ", ".join(missing)


def missing_outputs(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield the ids of function calls that no output right after their group answers, in the items of a Responses request."""
    items = [_table(item) for item in _list(body.get("input"))]
    waiting: list[str] = []
    answered = False
    for item in [*items, {}]:
        if item.get("type") == "function_call":
            waiting = [*([] if answered else waiting), str(item.get("call_id"))]
            answered = False
        elif item.get("type") == "function_call_output":
            waiting = [name for name in waiting if name != item.get("call_id")]
            answered = True
        else:
            for name in waiting:
                yield ("input",), item, name
            waiting, answered = [], False


def lone_reasoning(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield the ids of reasoning items that words without an id follow, in place of the item that the reasoning led to."""
    items = [_table(item) for item in _list(body.get("input"))]
    for item, after in pairwise(items):
        if item.get("type") == "reasoning" and item.get("id") and "role" in after and not after.get("id"):
            yield ("input",), item, str(item["id"])


_UNIONS = 16  # Anthropic's limit


def too_many_unions(body: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Yield how many parameters of strict tools are unions, where they are too many to compile."""
    strict = [tool for tool in map(_table, _list(body.get("tools"))) if tool.get("strict") is True]
    unions = sum(_unions(_table(tool.get("input_schema"))) for tool in strict)
    if unions > _UNIONS:
        yield ("tools",), strict, str(unions)


def _unions(schema: Mapping[str, Any]) -> int:
    inner = [_table(part) for part in _table(schema.get("properties")).values()]
    own = sum(isinstance(part.get("type"), list) or "anyOf" in part for part in inner)
    return own + sum(_unions(part) for part in inner)


def _open(schema: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what keeps a schema from being strict, the outermost object first, with its place as Python writes a tuple."""
    properties = _table(schema.get("properties"))
    if schema.get("type") == "object" or properties:
        if schema.get("additionalProperties") is not False:
            yield f"In context={at}, 'additionalProperties' is required to be supplied and to be false."
        forbidden = next((name for name in ("allOf", "oneOf") if name in schema), None)
        if forbidden is not None:
            yield f"In context={at}, '{forbidden}' is not permitted."
        optional = next((name for name in properties if name not in _list(schema.get("required"))), None)
        if optional is not None:
            yield (
                f"In context={at}, 'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{optional}'."
            )
    for keyword in ("properties", "$defs", "definitions"):
        for name, inner in _table(schema.get(keyword)).items():
            yield from _open(_table(inner), (*at, keyword, name))
    yield from _open(_table(schema.get("items")), (*at, "items")) if schema.get("items") else ()
    for position, inner in enumerate(_list(schema.get("anyOf"))):
        yield from _open(_table(inner), (*at, "anyOf", str(position)))


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
