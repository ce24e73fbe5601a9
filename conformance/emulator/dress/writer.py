"""What every dialect knows of a completion that it writes: its first choice, its contents, the words of its end, and its placeholders."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from conformance.emulator.dress.pace import jitter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Choice, Completion

_PIECE: Final = re.compile(r"\s*\w+|\s*[^\w\s]+|\s+")
#: The word of a choice that a stop string ended, among the words of `ChoiceWriter.words`.
STOPPED: Final = "stopped"


class ChoiceWriter:
    """Writes the first choice of a completion.

    `words` are the dialect's for a neutral finish reason, and for `STOPPED`; `known` are the placeholders of the TOML's additions.
    """

    words: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        self.context = context
        self.completion = completion
        self.waits = waits
        self.choice = completion.choices[0]
        self.contents = contents_of(self.choice)
        self.known = known_of(completion, waits, text=self.choice.text, finish_reason=self.finish_word)
        self._reads_prompt = True

    @property
    def finish_word(self) -> str:
        """The reason that the choice ends, in the dialect's word."""
        stopped = self.choice.stopped_by is not None and STOPPED in self.words
        reason: str = STOPPED if stopped else self.choice.finish_reason
        return self.words.get(reason, reason)

    def grouped(self, pieces: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield pieces in groups of as many tokens as an event has."""
        size = self.context.target.provider.pace.tokens_per_chunk
        for at in range(0, len(pieces), size):
            yield pieces[at : at + size]

    def wait(self, tokens: int, hidden: int = 0) -> float:
        """Return the seconds before an event that took some tokens to write.

        Args:
            tokens: 0 for an event without output.
            hidden: tokens that were written, and not sent, before the first output.
        """
        wait = tokens * self.waits.token * jitter(self.context.target.provider.pace, self.context.rng)
        if tokens and self._reads_prompt:  # the prompt is read before the first output
            self._reads_prompt = False
            wait += self.waits.prompt + hidden * self.waits.token
        return wait


def contents_of(choice: Choice) -> frozenset[str]:
    """Return the contents of a choice, in the words of `has` and `lacks`."""
    parts = {
        "reasoning": choice.reasoning,
        "content": choice.pieces,
        "tool_calls": choice.tool_calls,
        "logprobs": choice.logprobs is not None,
    }
    return frozenset(name for name, stored in parts.items() if stored)


def known_of(completion: Completion, waits: Waits, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the placeholders of a completion: its counts and times, and what the dialect knows besides."""
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        "reasoning_tokens": completion.reasoning_tokens,
        "cached_tokens": completion.cached_tokens,
        "answer_tokens": completion.completion_tokens - completion.reasoning_tokens,
        **more,
        **waits.stated(completion.completion_tokens),
    }


def pieces_of(text: str) -> list[str]:
    """Return a text in pieces of a token each."""
    return _PIECE.findall(text)


def arguments_of(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a call's arguments as JSON. What the limit cut is none: nothing of it is sent."""
    try:
        return json.loads(text)
    except ValueError:
        return {}
