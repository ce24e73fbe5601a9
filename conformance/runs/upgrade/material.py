"""The material of one side: its answers, and what every rule makes of them, whatever file or run they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.providers import Target
    from conformance.verdicts.comparison import Side
    from conformance.wire.case import Case


_DECIDED: Final = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.KNOWN, Verdict.EMULATED})


@dataclass(frozen=True)
class Sample:
    """The answers to one question: those of a probe, or one recorded exchange.

    Attributes:
        name: the probe, or the place of the recorded exchange.
        cases: the exchanges, decoded.
        unusable: why the answer is not of the kind that was asked for; empty where it is, as a refusal that was provoked.
        refused: whether the provider does not take what was asked, though a completion was asked for.
        needs: the capabilities that the question needs.
        greedy: whether it was asked at temperature 0.
    """

    name: str
    cases: tuple[Case, ...]
    unusable: str = ""
    refused: bool = False
    needs: tuple[str, ...] = ()
    greedy: bool = False


@dataclass(frozen=True)
class Located:
    """One finding: where it is, in words, and as pointer and event of an exchange."""

    message: str
    pointer: str = ""
    event: int | None = None
    exchange: str = ""


@dataclass(frozen=True)
class RuleState:
    """What a side's answers say of one rule.

    Attributes:
        shown: the names of the samples that the rule was judged on.
        broken: the findings by sample; the empty name is that of a finding over all answers.
        verdict: of the cell; None where a recording has no cells.
        reason: the reason of the cell's verdict.
        evidence: the kinds of the answers.
        rate: hits and answers of a rule that is decided by a rate.
    """

    shown: frozenset[str] = frozenset()
    broken: Mapping[str, tuple[Located, ...]] = field(default_factory=dict, hash=False)
    verdict: Verdict | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    rate: tuple[int, int] | None = None

    @property
    def judged(self) -> bool:
        """Whether the rule was judged at all: on answers, or on a day and a registry."""
        return bool(self.shown or self.broken) or self.verdict in _DECIDED

    @property
    def open(self) -> bool:
        """Whether an answer is missing that the rule needs."""
        return self.verdict in {Verdict.SKIP, Verdict.INCONCLUSIVE}


@dataclass(frozen=True)
class Material:
    """All of one side.

    Attributes:
        side: the side as a reader meets it.
        rules: the state of each rule that speaks the side's dialect.
        samples: the answers by name; empty where only cells are known (a results file).
        target: the target, where it is one.
        paired: whether its samples are probes, which the other side may have been asked too.
        missing: the probes that were not asked, with the reason; those that were asked in vain, too.
        out_of_reach: the probes that the target cannot be asked, with the reason.
        keywords: the state of each JSON Schema keyword.
        record: the command that asks what is missing; empty where no command can.
        unreadable: entries that could not be read, in words.
        options: those that a command needs to see the same answers again.
        clients: word and reason of each case of the client matrix, of an SDK's version.
    """

    side: Side
    rules: Mapping[str, RuleState]
    samples: Mapping[str, Sample] = field(default_factory=dict)
    target: Target | None = None
    paired: bool = True
    missing: Mapping[str, str] = field(default_factory=dict)
    out_of_reach: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, str] = field(default_factory=dict)
    record: str = ""
    unreadable: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    clients: Mapping[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """The names of the questions that were answered; of a results file, those that a rule was judged on."""
        if self.samples:
            return frozenset(self.samples)
        return frozenset(name for state in self.rules.values() for name in state.shown)

    @property
    def cases(self) -> Iterator[Case]:
        """Every exchange, in order."""
        for sample in self.samples.values():
            yield from sample.cases


def states_of_cells(cells: Iterable[Mapping[str, Any]]) -> dict[str, RuleState]:
    """Return the states that cells of results.json state, by rule id."""
    return {cell["rule"]: _state(cell) for cell in cells}


def _state(cell: Mapping[str, Any]) -> RuleState:
    broken: dict[str, list[Located]] = {}
    for finding in cell["findings"]:
        place = Located(finding["message"], finding["pointer"], finding["event"], finding["exchange"])
        name = finding["probe"] if finding["probe"] in cell["probes"] else ""
        broken.setdefault(name, []).append(place)
    rate = cell.get("rate")
    return RuleState(
        shown=frozenset(cell["probes"]),
        broken={name: tuple(findings) for name, findings in broken.items()},
        verdict=Verdict(cell["verdict"]),
        reason=cell["reason"],
        evidence=tuple(cell["evidence"]),
        rate=(rate["hits"], rate["answers"]) if rate else None,
    )
