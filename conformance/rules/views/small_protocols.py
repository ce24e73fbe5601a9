"""Views of the smaller protocols: Ollama's native API, Cohere Chat, legacy completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.views.chat import Answer, answer, requested
from conformance.rules.views.native import native_failure, speaks, typed_stream
from conformance.rules.views.tools import ToolCalls, tool_calls
from conformance.wire.dialects import cohere, ollama, openai_completions

if TYPE_CHECKING:
    from conformance.rules.views.errors import Failure
    from conformance.rules.views.native import TypedStream
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


def _answer(case: Case, name: str) -> Answer | None:
    return case.view(answer) if speaks(case, name) else None


def ollama_answer(case: Case) -> Answer | None:
    """A successful native Ollama answer."""
    return _answer(case, ollama.NAME)


def ollama_lines(case: Case) -> Reply | None:
    """A native Ollama stream without an error in it."""
    found = case.view(ollama_answer)
    return found.reply if found is not None and found.reply.streamed else None


def ollama_calls(case: Case) -> ToolCalls | None:
    """The tool calls of a native Ollama answer, with the wire's own ids."""
    return case.view(tool_calls) if speaks(case, ollama.NAME) and case.exchange.on_wire else None


def ollama_failure(case: Case) -> Failure | None:
    """A failed native Ollama answer with a JSON body."""
    return native_failure(case, ollama.NAME)


def cohere_stream(case: Case) -> TypedStream | None:
    """A stream of Cohere v2 events."""
    return typed_stream(case, cohere.NAME)


def cohere_answer(case: Case) -> Answer | None:
    """A successful Cohere answer."""
    return _answer(case, cohere.NAME)


def cohere_calls(case: Case) -> list[tuple[int | None, str, dict[str, Any]]] | None:
    """The tool calls of a Cohere v2 answer as they began (v1's have no id by design)."""
    found = case.view(tool_calls) if speaks(case, cohere.NAME) else None
    parts = [item.call.fragments[0] for item in found.calls] if found else []
    return [(part.event, part.pointer, part.value) for part in parts if "parameters" not in part.value] or None


def cohere_failure(case: Case) -> Failure | None:
    """A failed Cohere answer with a JSON body."""
    return native_failure(case, cohere.NAME)


def completion(case: Case) -> Answer | None:
    """A successful legacy completion."""
    return _answer(case, openai_completions.NAME)


def completion_with_logprobs(case: Case) -> Answer | None:
    """A legacy completion whose request asked for logprobs."""
    found = case.view(completion)
    if found is None or case.view(requested) is None or not found.choices:
        return None
    wanted = found.request.get("logprobs")
    return found if isinstance(wanted, int) and wanted > 0 else None  # True, too, is what some clients send
