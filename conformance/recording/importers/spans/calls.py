"""A model call that a span tells, as an exchange: its messages in the words of one protocol, with no more than the span says.

The members that every answer of that protocol has (`object`, `index`, a total) are written in, and so is a finish reason that nobody told:
they say nothing of the provider. Its headers, framing and ids are nobody's claim (`parsed`); an answer that was not kept is none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.spans.cut import is_cut
from conformance.recording.importers.spans.otlp import Span, dumped, instant, is_dump, is_export, spans_of
from conformance.recording.importers.spans.spellings import Call, call_of, parsed
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS
from conformance.wire.exchange import LEFT_OUT, UNRECORDED, Exchange, Request, Response, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PATH: Final = "/v1/chat/completions"
_JSON: Final = {"content-type": "application/json"}
#: Every dialect's words for why an answer ended, and those of the conventions, in neutral words.
_FINISHES: Final = {
    raw.lower(): neutral for row in DIALECTS.values() for raw, neutral in (row.vocabulary.finishes or {}).items()
} | {"tool_call": "tool_calls", "tool-calls": "tool_calls", "content-filter": "content_filter"}
#: Members under the names that the conventions give them.
_IDS: Final = ("id", "toolCallId")
_RESULTS: Final = ("response", "result", "output")
_SCHEMAS: Final = ("parameters", "input_schema", "inputSchema")
_LOOPBACK: Final = ("localhost", "127.", "[::1]", "::1", "/")


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document holds spans: an export, or a dump of one or of several, one of which is a model's call."""
    if is_export(document):
        return True
    rows = document if isinstance(document, list) else [document]
    return any(is_dump(row) and call_of(dumped(row)) is not None for row in rows[:20])


def read(document: Any, source: str) -> Iterator[Exchange]:  # noqa: ANN401 - any JSON
    """Yield the model calls among the spans; those of one conversation, or of one trace, are a session."""
    rows = document if isinstance(document, list) else [document]
    spans = spans_of(document) if is_export(document) else (dumped(row) for row in rows if is_dump(row))
    calls = ((span, call) for span in spans if (call := call_of(span)) is not None)
    for number, (span, call) in enumerate(calls):
        yield exchange_of(span, call, source, number)


def exchange_of(span: Span, call: Call, source: str, number: int) -> Exchange:
    """Return the exchange that a span's call was."""
    messages = [message for item in call.asked for message in _messages(item)]
    choices = _choices(call)
    cut = is_cut(span, choices)
    choices = [] if cut else choices
    asked = {"model": call.model or "unknown", **call.parameters, "messages": messages}
    if tools := _tools(call, choices):
        asked["tools"] = tools
    remote = call.address and not call.address.startswith(_LOOPBACK)
    timing = Timing(end=span.end - span.start) if span.start and span.end and span.end >= span.start else None
    return Exchange(
        id=f"{source}#{number}",
        request=Request("POST", f"https://{call.address}{_PATH}" if remote else _PATH, _JSON, _json(asked)),
        response=Response(200, _JSON, _json(_answer(span, call, choices))) if choices else None,
        timing=timing,
        provider=None if remote else call.provider or None,
        dialect=DEFAULT_DIALECT,
        recorded_at=instant(span.start),
        fidelity="parsed" if messages else "response-only",
        session=call.conversation or span.trace or None,
        source=source,
        interaction=number,
        meta={UNRECORDED: "its record was cut at a limit"} if cut else _left_out(call, told=bool(choices)),
    )


def _left_out(call: Call, *, told: bool) -> dict[str, Any]:
    """Return what the span does not tell."""
    if not told:
        return {UNRECORDED: f"its record tells {call.error or 'no answer'}"}
    return {LEFT_OUT: ("usage",)} if None in call.tokens else {}


def _answer(span: Span, call: Call, choices: list[dict[str, Any]]) -> dict[str, Any]:
    asked, answered = call.tokens
    usage = {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": (asked or 0) + (answered or 0)}
    return {
        "id": call.id or span.id,
        "object": "chat.completion",
        "created": int(span.end or span.start or 0),
        "model": call.model or "unknown",
        "choices": choices,
        **({"usage": usage} if asked is not None and answered is not None else {}),
    }


def _choices(call: Call) -> list[dict[str, Any]]:
    """Return the choices; messages that are more than the choices asked for are pieces of one. Empty where none was kept."""
    answers = [{**message, "role": "assistant"} for item in call.answered for message in _messages(item)[:1]]
    if len(answers) not in {1, call.parameters.get("n"), len(call.finishes)}:
        answers = [_joined(answers)] if answers else []
    if not answers or any(answer["content"] is None and len(answer) == 2 for answer in answers):  # noqa: PLR2004 - role, content
        return []
    return [
        {"index": index, "message": answer, "finish_reason": _finish(call, index, answer)}
        for index, answer in enumerate(answers)
    ]


def _finish(call: Call, index: int, answer: Mapping[str, Any]) -> str:
    """Return the finish reason in neutral words. `stop` before calls is some protocols' own word, so that it tells nothing."""
    raw = call.finishes[index] if index < len(call.finishes) else None
    word = str(raw).rpartition(".")[2].lower()
    told = _FINISHES.get(word)
    if told in {None, "stop"} and answer.get("tool_calls"):
        return "tool_calls"
    if told is not None:
        return told
    most = call.parameters.get("max_tokens", call.parameters.get("max_completion_tokens"))
    return "length" if isinstance(most, int) and (call.tokens[1] or 0) >= most else "stop"


def _messages(item: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Return a message in the protocol's words; results of tools are a message each."""
    if not isinstance(item, dict):
        return []
    parts = item.get("parts", item.get("content"))
    listed = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    texts = [parts] if isinstance(parts, str) else [text for part in listed if (text := _text(part)) is not None]
    role = str(item.get("role") or "assistant")
    results = [part for part in listed if part.get("type") in {"tool_call_response", "tool-result"}]
    if results:
        return [_result(_first(part, _IDS), _first(part, _RESULTS)) for part in results]
    if role == "tool":
        return [_result(item.get("tool_call_id", item.get("id")), "".join(texts))]
    told = [
        *(part for part in listed if part.get("type") in {"tool_call", "tool_use", "tool-call"}),
        *_objects(item.get("tool_calls")),
    ]
    message: dict[str, Any] = {"role": role, "content": "".join(texts) if texts else None}
    thoughts = [
        str(part.get("content", part.get("text", "")))
        for part in listed
        if part.get("type") in {"reasoning", "thinking"}
    ]
    return [
        message
        | ({"reasoning_content": "".join(thoughts)} if any(thoughts) else {})
        | ({"tool_calls": [_call(part, number) for number, part in enumerate(told)]} if told else {})
    ]


def _text(part: Mapping[str, Any]) -> str | None:
    value = part.get("content", part.get("text"))
    return value if part.get("type", "text") == "text" and isinstance(value, str) else None


def _call(part: Mapping[str, Any], number: int) -> dict[str, Any]:
    function = part["function"] if isinstance(part.get("function"), dict) else part
    arguments = function.get("arguments", function.get("args", function.get("input")))
    text = (
        arguments
        if isinstance(arguments, str)
        else json.dumps({} if arguments is None else arguments, ensure_ascii=False)
    )
    function = {"name": function.get("name", function.get("toolName")), "arguments": text or "{}"}
    return {
        "id": _first(part, _IDS) or f"call_{number}",
        "type": "function",
        "function": function,
    }


def _result(name: Any, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"role": "tool", "tool_call_id": name, "content": value if isinstance(value, str) else json.dumps(value)}


def _joined(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    texts = [answer["content"] for answer in answers if answer["content"] is not None]
    whole: dict[str, Any] = {"role": "assistant", "content": "".join(texts) if texts else None}
    thoughts = "".join(answer.get("reasoning_content", "") for answer in answers)
    calls = [made for answer in answers for made in answer.get("tool_calls", ())]
    return whole | ({"reasoning_content": thoughts} if thoughts else {}) | ({"tool_calls": calls} if calls else {})


def _tools(call: Call, choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the tools that were offered; those that were called were, even if nobody kept the list."""
    told = [item.get("function", item) if isinstance(item, dict) else {} for item in map(parsed, call.tools)]
    tools = {item["name"]: item for item in told if isinstance(item, dict) and isinstance(item.get("name"), str)}
    called = (made["function"]["name"] for choice in choices for made in choice["message"].get("tool_calls", ()))
    names = [*tools, *(name for name in called if isinstance(name, str) and name not in tools)]
    return [{"type": "function", "function": _function(name, tools.get(name, {}))} for name in dict.fromkeys(names)]


def _function(name: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    schema = parsed(_first(stated, _SCHEMAS))
    return {"name": name, **({"parameters": schema} if isinstance(schema, dict) else {})}


def _first(table: Mapping[str, Any], names: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    return next((table[name] for name in names if name in table), None)


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _json(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
