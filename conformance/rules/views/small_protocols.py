"""Views of the smaller protocols: Ollama's native API, Cohere Chat, legacy completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.views.chat import Answer, answer, requested
from conformance.rules.views.tools import ToolCalls, tool_calls

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


def lines(case: Case) -> Reply | None:
    """A stream without an error in it."""
    result = case.view(answer)
    return result.reply if result is not None and result.reply.streamed else None


def cohere_counts(case: Case) -> Reply | None:
    """An answer that holds a usage of any form: in the body, or where a stream ends."""
    result = case.view(answer)
    holders = (part for _, value in result.reply.chunks for part in (value, value.get("delta"))) if result else ()
    counted = any(isinstance(part, dict) and part.get("usage") is not None for part in holders)
    return result.reply if result is not None and counted else None


def ended_lines(case: Case) -> Reply | None:
    """An answer that came to its end, with its counts and times."""
    result = case.view(answer)
    ended = result is not None and any(value.get("done") is True for _, value in result.reply.chunks)
    return result.reply if result is not None and ended else None


def scored_lines(case: Case) -> Reply | None:
    """An answer with log probabilities."""
    result = case.view(answer)
    scored = result is not None and any(value.get("logprobs") is not None for _, value in result.reply.chunks)
    return result.reply if result is not None and scored else None


def load_answer(case: Case) -> Answer | None:
    """The answer to a request without a prompt, which loads a model."""
    result = case.view(requested)
    return (
        result if result is not None and not (result.request.get("messages") or result.request.get("prompt")) else None
    )


def listed_models(case: Case) -> Reply | None:
    """A listing of the models that are there or that run, or the entry of one."""
    reply = case.reply
    is_listing = reply.operation in {"models", "model", "running"}
    return reply if is_listing and reply.chunks and not reply.errors else None


def identified_calls(case: Case) -> ToolCalls | None:
    """The tool calls of an answer with the wire's own ids."""
    return case.view(tool_calls) if case.exchange.on_wire else None


def cohere_calls(case: Case) -> list[tuple[int | None, str, dict[str, Any]]] | None:
    """The tool calls of a Cohere v2 answer as they began (v1's have no id by design)."""
    result = case.view(tool_calls)
    parts = [item.call.fragments[0] for item in result.calls] if result else []
    return [(part.event, part.pointer, part.value) for part in parts if "parameters" not in part.value] or None


def legacy_logprobs_request(case: Case) -> Answer | None:
    """A legacy completion whose request asked for logprobs."""
    result = case.view(requested)
    if result is None or not result.choices:
        return None
    wanted = result.request.get("logprobs")
    return result if isinstance(wanted, int) and wanted > 0 else None  # True, too, is what some clients send
