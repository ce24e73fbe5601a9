"""A completion as an answer: its candidates, their parts, and the usage."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.writer import contents_of, known_of
from conformance.emulator.loose import table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Choice, Completion, TokenLogprob

#: A turn of function calls ends with STOP too.
_REASONS: Final[Mapping[str, str]] = {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP"}


class AnswerWriter:
    """Writes one answer, whole or chunk by chunk. `known` are the placeholders of the TOML's additions.

    `feedback` says why the prompt is blocked: it stands in the place of the candidates.
    """

    def __init__(
        self, context: AnswerContext, completion: Completion, waits: Waits, feedback: Mapping[str, Any] | None = None
    ) -> None:
        self.feedback = feedback
        self.context = context
        self.completion = completion
        self.waits = waits
        thinking = table(table(context.body.get("generationConfig")).get("thinkingConfig"))
        self.shows_thoughts = thinking.get("includeThoughts") is True
        self.contents = [contents_of(choice) for choice in completion.choices]
        first = next(iter(completion.choices), None)
        ended = {"text": first.text, "finish_reason": _REASONS[first.finish_reason]} if first else {}
        self.known = known_of(completion, waits, **{"text": "", "finish_reason": "", **ended})

    def answer(self) -> dict[str, Any]:
        """Return the whole answer."""
        candidates = [
            self.candidate(index, self.parts(choice), choice) for index, choice in enumerate(self.completion.choices)
        ]
        return self.chunk(candidates, self.usage(self.completion.completion_tokens - self.completion.reasoning_tokens))

    def chunk(self, candidates: list[dict[str, Any]], usage: dict[str, Any]) -> dict[str, Any]:
        """Return a chunk: every one repeats the usage so far, the model and the id."""
        scope = self.context.scope
        whole = {
            **({"candidates": candidates} if self.feedback is None else {"promptFeedback": dict(self.feedback)}),
            "usageMetadata": usage,
            "modelVersion": self.context.target.model,
            "responseId": scope["id"],
        }
        return self.context.with_additions(whole, {"answer"}, self._all_contents(), **self.known)

    def candidate(self, index: int, parts: Sequence[dict[str, Any]], ended: Choice | None = None) -> dict[str, Any]:
        """Return a candidate with some parts; with its end, where `ended` is the choice that ends."""
        content = {"parts": list(parts), "role": "model"} if parts else {"role": "model"}
        result: dict[str, Any] = {"content": content}
        if ended is not None:
            result["finishReason"] = _REASONS[ended.finish_reason]
            if ended.tool_calls:
                result["finishMessage"] = "Model generated function call(s)."
        result["index"] = index
        if ended is not None and ended.logprobs is not None:
            result |= logprobs_of(ended.logprobs)
        return self.context.with_additions(result, {"candidate"}, self.contents[index], **self.known)

    def parts(self, choice: Choice) -> list[dict[str, Any]]:
        """Return the parts of a choice."""
        parts: list[dict[str, Any]] = []
        if choice.reasoning and self.shows_thoughts:
            parts.append(self.part({"text": "".join(choice.reasoning), "thought": True}, "part.thought"))
        if choice.pieces:
            parts.append(self.part({"text": choice.text}, "part.text", last=not choice.tool_calls))
        return [*parts, *self.calls(choice)]

    def calls(self, choice: Choice) -> list[dict[str, Any]]:
        """Return the parts of the calls. One that the limit cut is none: its arguments are no object."""
        parts: list[dict[str, Any]] = []
        for call in choice.tool_calls:
            args, called = _args(call.arguments), self.context.fill(self.context.wire.tool_call_id)
            if args is not None:
                number = {"id": called} if isinstance(called, str) else {}  # the TOML may say that calls have none
                body = {"functionCall": {"name": call.name, "args": args, **number}}
                parts.append(self.part(body, "part.functionCall", last=not parts))
        return parts

    def part(self, part: dict[str, Any], place: str, *, last: bool = False) -> dict[str, Any]:
        """Return a part with its additions. `last`: the part that carries the signature of what was thought."""
        places = {"part", place} | ({"part.last"} if last else set())
        return self.context.with_additions(part, places, self._all_contents(), **self.known)

    def usage(self, answered: int) -> dict[str, Any]:
        """Return the usage after some tokens of the answer. Thoughts are counted beside it, cached tokens within the prompt."""
        completion = self.completion
        total = completion.prompt_tokens + answered + completion.reasoning_tokens
        counts: dict[str, Any] = {"promptTokenCount": completion.prompt_tokens}
        counts |= {"candidatesTokenCount": answered} if answered else {}
        counts |= {"totalTokenCount": total}
        counts |= {"cachedContentTokenCount": completion.cached_tokens} if completion.cached_tokens else {}
        counts |= {"promptTokensDetails": [{"modality": "TEXT", "tokenCount": completion.prompt_tokens}]}
        counts |= {"thoughtsTokenCount": completion.reasoning_tokens} if completion.reasoning_tokens else {}
        return self.context.with_additions(counts, {"usage"}, self._all_contents(), **self.known)

    def _all_contents(self) -> Collection[str]:
        return frozenset(chain.from_iterable(self.contents))


def logprobs_of(tokens: Sequence[TokenLogprob]) -> dict[str, Any]:
    """Return the log probabilities of a candidate and their mean."""
    chosen = [{"token": token.token, "logProbability": token.logprob} for token in tokens]
    top = [
        {"candidates": [{"token": rival, "logProbability": value} for rival, value in token.top]}
        for token in tokens
        if token.top
    ]
    result = {"topCandidates": top, "chosenCandidates": chosen} if top else {"chosenCandidates": chosen}
    mean = sum(token.logprob for token in tokens) / len(tokens) if tokens else 0.0
    return {"avgLogprobs": round(mean, 6), "logprobsResult": result}


def _args(arguments: str) -> dict[str, Any] | None:
    try:
        value = json.loads(arguments)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
