"""The first question of a reader: may I rely on it? Per judged target and capability, a verdict in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import counted
from conformance.report.headline import is_judged, standings
from conformance.rules.capability import CAPABILITIES, PROTOCOL, capability_of
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The capabilities in the order of the pages.
ORDER: Final = (*CAPABILITIES, PROTOCOL)
_UNCHECKED: Final = (Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.EMULATED)


@dataclass(frozen=True)
class Answer:
    """The answer whether one capability of one target can be relied on.

    Args:
        capability: its name in plain words.
        verdict: the verdict that decides the colour: fail, inconclusive, skip, known, pass, or n/a.
        words: the answer: `yes`, `no: 2 rules fail`, `but 3 known deviations`, `not known`.
        cells: the cells behind it.
    """

    capability: str
    verdict: Verdict
    words: str
    cells: Sequence[Mapping[str, Any]]

    @property
    def short(self) -> str:
        """The words for a narrow column, where the legend explains `known`."""
        if self.verdict is not Verdict.KNOWN:
            return self.words
        return self.words.removeprefix("but ").removesuffix("s").removesuffix(" deviation")


@dataclass(frozen=True)
class Reliance:
    """The answers of one target, and one over all of them."""

    target: str
    evidence: str
    whole: Answer
    answers: Sequence[Answer]


def reliances(results: Mapping[str, Any]) -> list[Reliance]:
    """Return the answers for every target that a real answer judged.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    rows: list[Reliance] = []
    for standing, targets in standings(results).items():
        if not is_judged(standing):
            continue
        for target in targets:
            cells = [cell for cell in results["cells"] if cell["target"] == target]
            by_name = {name: [cell for cell in cells if capability_of(cell["rule"]) == name] for name in ORDER}
            answers = [answer(name, by_name[name]) for name in ORDER]
            rows.append(Reliance(target, standing.replace("+", ", "), answer("all", cells), answers))
    return rows


def answer(capability: str, cells: Sequence[Mapping[str, Any]]) -> Answer:
    """Weigh the cells of one capability: a failing one outweighs what is not known, which outweighs what is known and clean."""
    count = {verdict: sum(cell["verdict"] == verdict for cell in cells) for verdict in Verdict}
    unchecked = sum(count[verdict] for verdict in _UNCHECKED)
    decided = count[Verdict.PASS] + count[Verdict.KNOWN]
    if count[Verdict.FAIL]:
        return Answer(
            capability, Verdict.FAIL, f"no: {counted(count[Verdict.FAIL], 'rule fails', 'rules fail')}", cells
        )
    if unchecked and decided:
        verdict = Verdict.INCONCLUSIVE if count[Verdict.INCONCLUSIVE] else Verdict.SKIP
        return Answer(capability, verdict, f"in part: {unchecked} of {unchecked + decided} not known", cells)
    if unchecked:
        return Answer(capability, Verdict.SKIP, "not known", cells)
    if count[Verdict.KNOWN]:
        return Answer(capability, Verdict.KNOWN, f"but {counted(count[Verdict.KNOWN], 'known deviation')}", cells)
    if count[Verdict.PASS]:
        return Answer(capability, Verdict.PASS, "yes", cells)
    return Answer(capability, Verdict.NOT_APPLICABLE, "not asked", cells)
