"""One question with both answers: finish, tool calls, JSON, refusal, length, cost and time; of the text only how far it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from conformance.runs.upgrade.traffic.fields import Fields, as_arguments, compare_fields, json_value
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.providers.tables import Price
    from conformance.runs.upgrade.traffic.questions import Question
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Choice

_WORDS: Final = 400  # of each text; comparing takes the square of them
_MILLION: Final = 1_000_000
_PLAIN: Final = (
    "refused", "finish", "calls", "no_json", "declines", "length", "exact", "normalised", "similarity", "cost", "ttft",
)  # fmt: skip
_FIELDS: Final = ("arguments", "json")


@dataclass(frozen=True)
class Row:
    """A question, and how B's answer stands to A's. None: the question does not come up.

    Attributes:
        question: the question.
        b: B's answer.
        refused: B does not take the request.
        finish: the neutral finish reasons of both.
        calls: the names of the tools that both call, in order.
        arguments: the arguments of the calls of one name, field by field, the call's name before each path.
        json: the fields of a JSON answer; of B's answer that is no JSON, all are gone.
        no_json: A answers with JSON, and B does not.
        declines: whether A and B decline in words that their protocol marks as a refusal.
        length: the characters of both texts.
        exact: whether the texts are the same.
        normalised: whether they are but for case, space and punctuation.
        similarity: how alike the words are in their order, from 0 to 1.
        cost: USD of both, by their usage and price.
        ttft: seconds until the first event of both, where both streamed and somebody measured.
    """

    question: Question
    b: Case
    refused: bool = False
    finish: tuple[str, str] = ("", "")
    calls: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    arguments: Fields | None = None
    json: Fields | None = None
    no_json: bool = False
    declines: tuple[bool, bool] = (False, False)
    length: tuple[int, int] = (0, 0)
    exact: bool | None = None
    normalised: bool | None = None
    similarity: float | None = None
    cost: tuple[float, float] | None = None
    ttft: tuple[float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the row as a line of `--rows`: where it stands, how it compares, and no word of either answer."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        parts = {name: fields._asdict() if (fields := getattr(self, name)) is not None else None for name in _FIELDS}
        question = self.question
        about = {"place": question.place, "category": question.category, "times": question.times}
        return {**about, "asked": question.wanted.name, "lost": question.lost, **plain, **parts}


def row_of(
    question: Question, b: Case, prices: tuple[Price | None, Price | None] = (None, None), only: Sequence[str] = ()
) -> Row:
    """Compare both answers to a question.

    Args:
        question: with A's answer.
        b: B's answer, a completion or a refusal of the request.
        prices: of both.
        only: the paths of JSON answers and arguments that are looked at.
    """
    a = question.case
    if not b.reply.succeeded or not b.reply.choices:
        return Row(question, b, refused=True)
    before, after = a.reply.choices[0], b.reply.choices[0]
    texts = before.text, after.text
    value = json_value(before.text)
    other = json_value(after.text) if value is not MISSING else MISSING
    no_json = value is not MISSING and other is MISSING
    spoken = bool(before.text or after.text) and not (before.tool_calls and after.tool_calls)
    return Row(
        question,
        b,
        finish=(str(before.finish_reason), str(after.finish_reason)),
        calls=(_names(before), _names(after)),
        arguments=_arguments(before, after, only) if before.tool_calls else None,
        json=compare_fields(value, other, only) if value is not MISSING and not no_json else None,
        no_json=no_json,
        declines=(_declines(before), _declines(after)),
        length=(len(before.text), len(after.text)),
        exact=texts[0] == texts[1] if spoken else None,
        normalised=_normalised(texts[0]) == _normalised(texts[1]) if spoken else None,
        similarity=_similarity(*texts) if spoken else None,
        cost=_costs(a, b, prices),
        ttft=_first(a, b),
    )


def _names(choice: Choice) -> tuple[str, ...]:
    return tuple(str(call.name) for call in choice.tool_calls)


def _arguments(before: Choice, after: Choice, only: Sequence[str]) -> Fields:
    """Compare the arguments of the calls of one name, the first of A's with the first of B's; a call that is not there is gone."""
    left = list(after.tool_calls)
    results: list[tuple[str, Fields]] = []
    for call in before.tool_calls:
        match = next((other for other in left if other.name == call.name), None)
        if match is None:
            results.append((str(call.name), Fields(gone=("(the call)",))))
            continue
        left.remove(match)
        a, b = as_arguments(call.arguments), as_arguments(match.arguments)
        if b is MISSING and a is not MISSING:
            results.append((str(call.name), Fields(retyped=("(no JSON)",))))
        else:
            results.append((str(call.name), compare_fields(a, b, only)))
    joined = (tuple(f"{name}: {path}" for name, fields in results for path in fields[part]) for part in range(5))
    return Fields(*joined)


def _declines(choice: Choice) -> bool:
    return bool(choice.refusal) or choice.finish_reason == "content_filter"


def _normalised(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _similarity(a: str, b: str) -> float:
    return SequenceMatcher(None, a.split()[:_WORDS], b.split()[:_WORDS], autojunk=False).ratio()


def _costs(a: Case, b: Case, prices: tuple[Price | None, Price | None]) -> tuple[float, float] | None:
    before, after = (_cost(case, price) for case, price in zip((a, b), prices, strict=True))
    return None if before is None or after is None else (before, after)


def _cost(case: Case, price: Price | None) -> float | None:
    usage = case.reply.usages[-1].value if case.reply.usages else None
    if price is None or not isinstance(usage, dict):
        return None
    sent, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(sent, int) or not isinstance(written, int):
        return None
    return (price.input * sent + price.output * written) / _MILLION


def _first(a: Case, b: Case) -> tuple[float, float] | None:
    before, after = (_ttft(case) for case in (a, b))
    return None if before is None or after is None else (before, after)


def _ttft(case: Case) -> float | None:
    timing = case.exchange.timing
    if timing is None or not case.reply.streamed or not timing.chunks or case.exchange.evidence == "emulated":
        return None
    return timing.chunks[0][0] - (timing.sent or 0.0)
