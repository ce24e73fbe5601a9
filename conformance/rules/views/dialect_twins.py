"""A view of a target: one scenario in two dialects of one provider, asked of the same model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from conformance.knowledge import taxonomy
from conformance.rules.views.chat import ended_answer
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.rules.standing import TargetOnDay
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Choice

_BOTH = 2
#: The class of a refusal whose cause is not named.
_GENERAL = "invalid_request"


class DialectTwins(NamedTuple):
    """One probe's last exchange in the provider's own dialect, and in the target's."""

    probe: str
    reference: Case
    own: Case

    @property
    def choices(self) -> tuple[Choice, Choice] | None:
        """The first choice of both; None where one of them is no whole answer."""
        first, second = self.reference.view(ended_answer), self.own.view(ended_answer)
        if first is None or second is None or not first.choices or not second.choices:
            return None
        return first.choices[0], second.choices[0]


@dataclass(frozen=True)
class ComparedDialects:
    """What a rule compares: the scenarios of a target that it applies to, beside those in the provider's own dialect."""

    name: str
    twins: tuple[DialectTwins, ...]
    notices: tuple[str, ...] = field(default=())
    why_undecided: str = ""

    @property
    def summary(self) -> str:
        """How many scenarios were compared."""
        return f"{len(self.twins)} scenarios compared with {self.name}"

    @property
    def exchanges(self) -> frozenset[str]:
        """The target's exchanges that were compared."""
        return frozenset(twin.own.exchange.id for twin in self.twins)


def answered_alike(on_day: TargetOnDay) -> ComparedDialects | str:
    """Scenarios that were answered in both dialects with the same words, or with calls: their ends can be compared."""
    return _compared(on_day, lambda twin: twin.choices is not None and _same_outcome(*twin.choices), "answer")


def called(on_day: TargetOnDay) -> ComparedDialects | str:
    """Scenarios whose request demands a call, or leaves it to a model without chance, and that were answered in both dialects."""
    return _compared(on_day, _is_decided, "tool call")


def counted(on_day: TargetOnDay) -> ComparedDialects | str:
    """Scenarios that were answered in both dialects with a count of the prompt's tokens. Where a count is owed, other rules say."""
    return _compared(on_day, lambda twin: twin.choices is not None and len(prompt_tokens(twin)) == _BOTH, "usage")


def refused(on_day: TargetOnDay) -> ComparedDialects | str:
    """Scenarios that were refused in both dialects for a known cause that waiting does not mend."""
    return _compared(on_day, lambda twin: all(error_class(case) for case in (twin.reference, twin.own)), "refusal")


def prompt_tokens(twin: DialectTwins) -> tuple[int, ...]:
    """Return the prompt's tokens as each answer counts them last; an answer that does not count them is left out."""
    counts = []
    for case in (twin.reference, twin.own):
        values = [report.value.get("prompt_tokens") for report in case.reply.usages if isinstance(report.value, dict)]
        counts += [value for value in values[-1:] if isinstance(value, int)]
    return tuple(counts)


def is_refused_alike(twin: DialectTwins) -> bool:
    """Whether two refusals have one class. A dialect may name the cause less exactly than the other, under the same status."""
    first, second = error_class(twin.reference), error_class(twin.own)
    statuses = {
        case.exchange.response.status for case in (twin.reference, twin.own) if case.exchange.response is not None
    }
    return first == second or (_GENERAL in {first, second} and len(statuses) == 1)


def error_class(case: Case) -> str:
    """Return the class of an error that waiting does not mend; empty for an answer and for an error that nobody knows."""
    response = case.exchange.response
    if response is None or not case.reply.errors:
        return ""
    kind = taxonomy.classify_error(case.reply.errors[0], response)
    return "" if kind.known is None or kind.known.retryable is True else kind.id


def parses(choice: Choice) -> list[tuple[str, bool]]:
    """Return the name of each call, and whether its arguments are JSON."""
    return [
        (str(call.name), read_json(call.arguments.encode("utf-8", "surrogatepass")).error is None)
        for call in choice.tool_calls
    ]


def _same_outcome(first: Choice, second: Choice) -> bool:
    if first.tool_calls or second.tool_calls:
        return bool(first.tool_calls) and bool(second.tool_calls)
    return bool(first.text) and first.text == second.text


def _is_decided(twin: DialectTwins) -> bool:
    asked = twin.own.asked
    if twin.choices is None or not asked.tools or any(choice.finish_reason == "length" for choice in twin.choices):
        return False
    return asked.tool_mode in {"required", "named"} or bool(twin.choices[0].tool_calls and asked.temperature == 0)


def _compared(on_day: TargetOnDay, applies: Callable[[DialectTwins], bool], noun: str) -> ComparedDialects | str:
    target = on_day.target
    reference = target.provider.dialect
    if target.dialect == reference:
        return "the provider's own dialect: the answers in its others are compared with these"
    twins = tuple(twin for twin in _twins(on_day.asked_in(reference), on_day.asked_in(target.dialect)) if applies(twin))
    if not twins:
        name = f"{target.provider.name}/{target.model}@{reference}"
        return f"no {noun} to one scenario is kept both here and in {name} on evidence of one kind"
    return ComparedDialects(f"{target.provider.name}/{target.model}@{reference}", twins)


def _twins(reference: Mapping[str, tuple[Case, ...]], own: Mapping[str, tuple[Case, ...]]) -> Iterator[DialectTwins]:
    for probe, cases in own.items():
        before = reference.get(probe, ())
        if cases and len(before) == len(cases) and len({_is_emulated(case) for case in (*before, *cases)}) == 1:
            yield DialectTwins(probe, before[-1], cases[-1])


def _is_emulated(case: Case) -> bool:
    return case.exchange.evidence == "emulated"
