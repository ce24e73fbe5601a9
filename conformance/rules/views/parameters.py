"""Views of completions whose request asked for something that can be checked in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import Answer, ended_answer, requested
from conformance.wire.dialects.declared_tools import server_tools

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Choice


def _ended_request(case: Case) -> Answer | None:
    return case.view(ended_answer) if case.view(requested) is not None else None


def whole_texts(answer: Answer) -> list[Choice]:
    """Return the choices whose text is all of the answer: not cut, not refused, no tool call in its place."""
    cut = ("length", "content_filter")
    return [
        choice for choice in answer.choices if not (choice.tool_calls or choice.refusal or choice.finish_reason in cut)
    ]


def json_request(case: Case) -> Answer | None:
    """Asked for JSON output, and answered with a whole text."""
    result = case.view(_ended_request)
    if result is None or not result.asked.wants_json:
        return None
    return result if whole_texts(result) else None


def schema_request(case: Case) -> Answer | None:
    """Asked for JSON output by a schema that binds, and answered with a whole text.

    A schema under `strict: false` is a wish: the model follows it as well as it can.
    """
    result = case.view(json_request)
    if result is None or result.asked.response_format != "json_schema" or not result.asked.response_schema:
        return None
    return None if strictness(result.request) is False else result


def stop_request(case: Case) -> Answer | None:
    """Asked to stop at a string."""
    result = case.view(requested)
    return result if result is not None and result.asked.stop and result.choices else None


def several_request(case: Case) -> Answer | None:
    """Asked for more than one choice, or got more than one."""
    result = case.view(requested)
    if result is None or not result.choices:
        return None
    return result if result.asked.n > 1 or len(result.choices) > 1 else None


def limited_request(case: Case) -> Answer | None:
    """Asked for a limit of tokens, which holds for the whole answer.

    Where a tool of the provider's own runs, the model takes several turns: the limit holds for each, and usage adds them up
    (recorded of Gemini's googleSearch: 331 tokens under a limit of 256, finishReason MAX_TOKENS, 2026-07-07).
    """
    result = case.view(_ended_request)
    if result is None or not result.asked.max_tokens or server_tools(result.request):
        return None
    return result


class CutAnswer(NamedTuple):
    """An answer that was cut for length: where it says so, the tokens that it took, those of its prompt, and its limit."""

    at: tuple[str, int | None]
    used: int
    prompt: int
    limit: int

    @property
    def by_a_default(self) -> bool:
        """Whether a round number cut it, at half of its limit or less, and prompt and answer together do not fill a round context."""
        fills = any(_is_round(self.prompt + self.used + spare) for spare in range(3))
        return _is_round(self.used) and 2 * self.used <= self.limit and not fills


def cut_answer(case: Case) -> CutAnswer | None:
    """An answer that was cut for length under a limit, with its counts of tokens."""
    result = case.view(limited_request)
    if result is None or len(result.choices) != 1 or result.choices[0].finish_reason != "length":
        return None
    usage = result.reply.usages[-1].value if result.reply.usages else None
    used, prompt = (
        usage.get(name) if isinstance(usage, dict) else None for name in ("completion_tokens", "prompt_tokens")
    )
    if not isinstance(used, int) or not isinstance(prompt, int):
        return None
    choice = result.choices[0]
    return CutAnswer((choice.finish_pointer, choice.finishes[-1][0]), used, prompt, result.asked.max_tokens or 0)


def _is_round(count: int) -> bool:
    """Whether a count looks like a setting: a power of two from 16 on, or hundreds."""
    return count >= 16 and (count & (count - 1) == 0 or count % 100 == 0)  # noqa: PLR2004 - OpenAI's first default


def logprobs_request(case: Case) -> Answer | None:
    """Asked for logprobs."""
    result = case.view(requested)
    return result if result is not None and result.asked.logprobs and result.choices else None


def strictness(body: dict[str, Any]) -> bool | None:
    """Return `strict` of a request's JSON schema (response_format.json_schema or text.format); None where it is not stated."""
    chat = objects_at(body, "response_format", "json_schema")
    responses = objects_at(body, "text", "format")
    strict = chat.get("strict", responses.get("strict"))
    return strict if isinstance(strict, bool) else None


def objects_at(body: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return the object at a path of members; an empty one where there is none."""
    value: Any = body
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
