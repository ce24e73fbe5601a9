"""A completion in the legacy form: choices with a text, their legacy logprobs, and the usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.writer import known_of
from conformance.wire.dialects.openai_completions import prompts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Choice, Completion, TokenLogprob


class CompletionWriter:
    """Writes one answer. `known` are the placeholders of the TOML's additions."""

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        self.context = context
        self.completion = completion
        self.waits = waits
        self.echoed = context.body.get("echo") is True
        self.known = known_of(completion, waits)

    def body(self) -> dict[str, Any]:
        """Return the answer in one body."""
        choices = [
            self.choice(index, choice.text, choice.finish_reason, choice.logprobs, self.begins(index))
            for index, choice in enumerate(self.completion.choices)
        ]
        return self.context.with_additions(
            self.envelope(choices) | {"usage": self.usage()}, {"completion"}, self.contents, **self.known
        )

    @property
    def contents(self) -> frozenset[str]:
        """What the answer holds, in the words of `has` and `lacks`."""
        return frozenset({"content"} if any(choice.pieces for choice in self.completion.choices) else ())

    def envelope(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the members that a body and a chunk share."""
        scope = self.context.scope
        return {
            "id": scope["id"],
            "object": "text_completion",
            "created": scope["created"],
            "model": self.context.target.model,
            "choices": choices,
        }

    def choice(
        self, index: int, text: str, finish: str | None, scores: Sequence[TokenLogprob] | None, begins: int
    ) -> dict[str, Any]:
        """Return a choice, or the part of it that a chunk brings; `begins` is where its first token stands in the whole text."""
        logprobs = None if scores is None else self.logprobs(index, scores, begins)
        body = {"text": text, "index": index, "logprobs": logprobs, "finish_reason": finish}
        return self.context.with_additions(body, {"choice"}, self.contents, **self.known)

    def begins(self, index: int) -> int:
        """Return where the text of a choice begins: behind its prompt, or at 0 where the prompt is repeated."""
        if self.echoed:
            return 0
        asked = prompts(self.context.body.get("prompt")) or ("",)
        prompt = asked[index // max(len(self.completion.choices) // len(asked), 1)]
        return len(prompt) if isinstance(prompt, str) else 0

    def logprobs(self, index: int, scores: Sequence[TokenLogprob], begins: int) -> dict[str, Any]:
        """Return legacy logprobs. The first token of a repeated prompt has none."""
        offsets, at = [], begins
        for score in scores:
            offsets.append(at)
            at += len(score.token)
        first = self.echoed and begins == 0
        values: dict[str, Any] = {
            "tokens": [score.token for score in scores],
            "token_logprobs": [None if first and not at else score.logprob for at, score in enumerate(scores)],
            "top_logprobs": [
                None if first and not at else dict(score.top or ((score.token, score.logprob),))
                for at, score in enumerate(scores)
            ],
            "text_offset": offsets,
        }
        return self.context.with_additions(values, {"logprobs"}, self.contents, **self.known, index=index)

    def usage(self) -> dict[str, Any]:
        """Return the usage."""
        counts = {name: self.known[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
        return self.context.with_additions(counts, {"usage"}, self.contents, **self.known)


def pieces_of(choice: Choice, size: int) -> list[tuple[str, Sequence[TokenLogprob] | None, int]]:
    """Return the pieces of a choice as a stream brings them: text, logprobs, and the tokens that it took."""
    groups = [slice(at, at + size) for at in range(0, len(choice.pieces), size)]
    scores = choice.logprobs
    return [
        ("".join(choice.pieces[group]), None if scores is None else scores[group], len(choice.pieces[group]))
        for group in groups
    ]
