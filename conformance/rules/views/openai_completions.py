"""Views of legacy completions: prompts that are repeated, the tokens of an answer, and batches beside single prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import answer, requested
from conformance.wire.dialects.openai_completions import prompts
from conformance.wire.dialects.reading import mapping, objects, slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.wire.case import Case, Session
    from conformance.wire.dialects.openai_completions.prompts import Prompt


@dataclass(frozen=True)
class Placed:
    """A completion, and whether it stands at OpenAI's path: hosts have forms of their own at theirs."""

    answer: Answer
    below_v1: bool


def placed(case: Case) -> Placed | None:
    """A completion beside the path at which it was asked."""
    result = case.view(answer)
    return None if result is None else Placed(result, case.exchange.request.path.endswith("/v1/completions"))


@dataclass(frozen=True)
class Echoed:
    """A completion that was asked to repeat its prompts, and the prompt of each choice."""

    answer: Answer
    prompts: tuple[Prompt, ...]

    def prompt_of(self, index: int) -> str | None:
        """Return the prompt that a choice answers; None where it is no text, or nobody can tell."""
        several = max(len(self.answer.choices) // len(self.prompts), 1)
        place = index // several
        prompt = self.prompts[place] if place < len(self.prompts) else None
        return prompt if isinstance(prompt, str) else None


def echoed(case: Case) -> Echoed | None:
    """A completion that was asked to repeat its prompts, which are known."""
    result = case.view(requested)
    if result is None or result.request.get("echo") is not True or not result.choices:
        return None
    asked = prompts(result.request.get("prompt"))
    return Echoed(result, asked) if asked and len(result.choices) % len(asked) == 0 else None


class Scored(NamedTuple):
    """The legacy logprobs of a choice, or of the part of it that a chunk brings."""

    event: int | None
    pointer: str
    index: Any
    logprobs: dict[str, Any]
    text: str


def scored(case: Case) -> list[Scored] | None:
    """The legacy logprobs of a completion, where it has some."""
    return list(_scored(case)) or None if case.view(answer) is not None else None


def _scored(case: Case) -> Iterator[Scored]:
    for event, value in case.reply.chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            logprobs, text = mapping(item, "logprobs"), item.get("text")
            if isinstance(logprobs.get("tokens"), list):
                at = f"/choices/{position}/logprobs"
                index = slot(item.get("index", position))
                yield Scored(event, at, index, logprobs, text if isinstance(text, str) else "")


class Batch(NamedTuple):
    """The prompt tokens of a batch, and the sum of those that its prompts had alone."""

    exchange: str
    counted: int
    alone: int


def batches(session: Session) -> list[Batch] | None:
    """Every answer to several prompts each of which was also asked alone."""
    single: dict[tuple[Any, Prompt], int] = {}
    several: list[tuple[str, Any, tuple[Prompt, ...], int]] = []
    for case in session.cases:
        result = case.view(requested)
        counted = _prompt_tokens(result) if result is not None else None
        if result is None or counted is None:
            continue
        asked, model = prompts(result.request.get("prompt")), str(result.request.get("model"))
        if len(asked) == 1:
            single[model, asked[0]] = counted
        elif asked:
            several.append((case.exchange.id, model, asked, counted))
    paired = [
        Batch(exchange, counted, sum(single[model, prompt] for prompt in asked))
        for exchange, model, asked, counted in several
        if all((model, prompt) in single for prompt in asked)
    ]
    return paired or None


def _prompt_tokens(result: Answer) -> int | None:
    values = [report.value.get("prompt_tokens") for report in result.reply.usages if isinstance(report.value, dict)]
    return values[-1] if values and isinstance(values[-1], int) else None
