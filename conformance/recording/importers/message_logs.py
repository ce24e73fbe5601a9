"""Logs of messages rather than bodies: observations of Langfuse and runs of LangSmith, a row each.

Sources: Langfuse's `Observation` (https://api.reference.langfuse.com) and LangSmith's run data format
(https://docs.langchain.com/langsmith/run-data-format), both read 2026-11-29. What a row tells is what a span would (`spans.calls`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.parts import moment
from conformance.recording.importers.spans.calls import exchange_of
from conformance.recording.importers.spans.otlp import Span
from conformance.recording.importers.spans.spellings import Call, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.exchange import Exchange

_ROLES: Final = {
    "human": "user",
    "ai": "assistant",
    "HumanMessage": "user",
    "AIMessage": "assistant",
    "AIMessageChunk": "assistant",
    "SystemMessage": "system",
    "ToolMessage": "tool",
}
_OBSERVATIONS: Final = frozenset(
    {"SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL"}
)
_RUNS: Final = frozenset({"chain", "tool", "retriever", "prompt", "parser", "embedding"})
#: Members of a message in whichever form.
_OF_MESSAGES: Final = frozenset({"role", "content", "parts", "tool_calls", "kwargs", "data", "type"})
_PARAMETERS: Final = ("model", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "seed", "stop")
_INPUT: Final = ("input", "promptTokens", "prompt_tokens", "input_tokens")
_OUTPUT: Final = ("output", "completionTokens", "completion_tokens", "output_tokens")


def is_step(row: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a row is a step of a trace, in one of these forms, that is no model's call: a chain, a tool, an event.

    The end of a run whose beginning stands elsewhere tells neither its kind nor its question.
    """
    if not isinstance(row, dict):
        return False
    observed = row.get("type") in _OBSERVATIONS and ("traceId" in row or "trace_id" in row)
    if "dotted_order" in row and "run_type" not in row:
        return True
    return observed or (row.get("run_type") in _RUNS and ("trace_id" in row or "inputs" in row))


def told_exchange(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """Return the exchange of a row; None where the row is no model's call in either form."""
    if row.get("type") == "GENERATION" and "output" in row:
        return _observation(row, source, number)
    if row.get("run_type") == "llm" and "inputs" in row:
        return _run(row, source, number)
    return None


def _observation(row: Mapping[str, Any], source: str, number: int) -> Exchange:
    asked, answered = parsed(row.get("input")), parsed(row["output"])
    table = asked if isinstance(asked, dict) else {}
    usage = parsed(row.get("usageDetails")) or parsed(row.get("usage")) or {}
    error = str(row.get("statusMessage") or "an error") if row.get("level") == "ERROR" else ""
    call = _call(
        {**_table(parsed(row.get("modelParameters"))), "model": row.get("model")},
        table.get("messages", asked if isinstance(asked, list) else row.get("input")),
        row["output"] if answered is None else answered,
        tools=table.get("tools"),
        usage=_table(usage),
        error=error,
    )
    return exchange_of(_span(row, "traceId", "startTime", "endTime"), call, source, number)


def _run(row: Mapping[str, Any], source: str, number: int) -> Exchange:
    asked, answered = _table(parsed(row.get("inputs"))), _table(parsed(row.get("outputs")))
    extra = _table(parsed(row.get("extra")))
    stated = _table(extra.get("invocation_params"))
    listed = _flat(answered.get("generations")) or _table_list(answered.get("choices"))
    messages = [_told(item) if isinstance(item, dict) else item for item in listed]
    usage = _table(answered.get("usage_metadata", answered.get("usage")))
    for message in messages:
        kept = _table(_table(message).get("kwargs", message))
        usage = usage or _table(kept.get("usage_metadata"))
    call = _call(
        {"model": _table(extra.get("metadata")).get("ls_model_name"), **asked, **stated},
        _flat(asked.get("messages")) or asked.get("prompt") or asked.get("prompts"),
        messages or answered.get("messages") or (answered if "content" in answered else None),
        tools=stated.get("tools", asked.get("tools")),
        usage=usage,
        error=str(row.get("error") or ""),
    )
    return exchange_of(_span(row, "trace_id", "start_time", "end_time"), call, source, number)


def whole_runs(begun: list[Any], ended: list[Any]) -> list[Any]:
    """Return the runs that two requests of LangSmith's client tell of: one as they begin, one as they end."""
    runs = {str(run.get("id")): run for run in begun if isinstance(run, dict)}
    for run in ended:
        if isinstance(run, dict):
            name = str(run.get("id"))
            runs[name] = {**runs.get(name, {}), **run}
    return list(runs.values())


def _told(item: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the message of a generation or a choice, with the finish reason beside it."""
    message, reason = item.get("message", item.get("text")), item.get("finish_reason")
    return {**message, "finish_reason": reason} if isinstance(message, dict) and isinstance(reason, str) else message


def _table_list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, list) else []


def _call(
    parameters: Mapping[str, Any],
    asked: Any,  # noqa: ANN401 - any JSON
    answered: Any,  # noqa: ANN401 - any JSON
    *,
    tools: Any,  # noqa: ANN401 - any JSON
    usage: Mapping[str, Any],
    error: str,
) -> Call:
    answers = [] if error else _messages(answered, "assistant")
    return Call(
        {name: value for name in _PARAMETERS if (value := parameters.get(name)) is not None},
        _messages(asked, "user"),
        answers,
        [reason for answer in answers if (reason := answer.get("finish_reason"))],
        tools if isinstance(tools, list) else [],
        (_count(usage, _INPUT), _count(usage, _OUTPUT)),
        provider="",
        address="",
        model=str(parameters.get("model") or ""),
        id="",
        conversation="",
        error=error,
    )


def _messages(value: Any, role: str) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return [_message(item, role) for item in listed]


def _message(item: Any, role: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a message with its role and finish reason, from a plain one, one that LangChain serialised, or a text."""
    if not isinstance(item, dict):
        return {"role": role, "content": item if isinstance(item, str) else None}
    if not _OF_MESSAGES & item.keys():  # an answer in JSON, which somebody parsed
        return {"role": role, "content": json.dumps(item, ensure_ascii=False)}
    kind = item.get("type")
    kind = item["id"][-1] if kind == "constructor" and isinstance(item.get("id"), list) and item["id"] else kind
    kept = _table(item.get("kwargs", item.get("data", item)))
    metadata = _table(kept.get("response_metadata"))
    reason = kept.get("finish_reason") or metadata.get("finish_reason") or metadata.get("stop_reason")
    told = kept.get("role") or _ROLES.get(str(kind)) or (kind if kind in {"system", "tool"} else role)
    return {**kept, "role": told, "finish_reason": reason}


def _span(row: Mapping[str, Any], trace: str, start: str, end: str) -> Span:
    seconds = (_seconds(row.get(start)), _seconds(row.get(end)))
    return Span("", {}, [], str(row.get(trace) or ""), str(row.get("id") or ""), *seconds)


def _seconds(value: Any) -> float | None:  # noqa: ANN401 - any JSON
    """Return a date, or milliseconds since 1970, as seconds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value / 1000
    date = moment(value)
    return date.timestamp() if date else None


def _flat(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return a list whose items may be lists themselves: a batch of one."""
    listed = value if isinstance(value, list) else []
    return listed[0] if len(listed) == 1 and isinstance(listed[0], list) else listed


def _table(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, dict) else {}


def _count(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    return next((usage[name] for name in names if isinstance(usage.get(name), int)), None)
