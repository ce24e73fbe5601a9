"""The headline of a run: the number of judged targets, their evidence, the outcome, and the targets that are unknown.

One function makes it from results.json. Terminal, page, badge, Allure and results.json itself lead with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from conformance.errors import command, counted
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Tone: TypeAlias = Literal["pass", "fail", "undecided", "unknown"]

#: What a target that was judged rests on, in words. Only these kinds can pass; the order is that of the headline.
JUDGED_ON: Final[dict[str, str]] = {"live": "live", "recorded": "on recordings", "imported": "on imported recordings"}
DECIDED: Final = frozenset({Verdict.FAIL, Verdict.KNOWN, Verdict.PASS})
UNDECIDED: Final = {Verdict.INCONCLUSIVE: "inconclusive", Verdict.SKIP: "not recorded"}
#: What a target that was not judged is called, by its standing; the order is that of the headline.
_NOT_JUDGED: Final[dict[str, str]] = {
    "emulated": "only emulated",
    "not recorded": "not recorded",
    "inconclusive": "without an answer that decides",
    "documents": "held against documents and measured runs alone",
    "not applicable": "to which no selected rule applies",
}
#: Of what was given to a run, what a command needs to find the same targets and cassettes again.
_PLACES: Final = frozenset({"--cassettes", "--providers", "--probes", "--rules"})


class Sentence(NamedTuple):
    """One sentence of the headline: its text, the command that finds out more, and its colour."""

    text: str
    remedy: str
    tone: Tone

    def __str__(self) -> str:
        """Return the sentence as it is read."""
        return f"{self.text}; `{self.remedy}` finds out." if self.remedy else f"{self.text}."


def headline(results: Mapping[str, Any]) -> str:
    """Return the sentence that every report of a run leads with.

    Args:
        results: a run, as `schemas/results.json` has it; `headline` itself may be missing.
    """
    return " ".join(map(str, sentences(results)))


def standings(results: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the targets by the evidence that they were judged on.

    Returns:
        Targets by `live`, `recorded`, `imported`, or several of these joined by `+`, where a real answer decided a cell; by
        `emulated`, `not recorded`, `inconclusive`, `documents` or `not applicable` where none did. The judged come first.
    """
    by_target = _by_target(results)
    standing: dict[str, list[str]] = defaultdict(list)
    for target in results["targets"]:
        standing[_standing(by_target[target])].append(target)
    return dict(sorted(standing.items(), key=lambda item: _place(item[0])))


def is_judged(standing: str) -> bool:
    """Return True if a standing is that of targets that a real answer judged."""
    return standing not in _NOT_JUDGED


def sentences(results: Mapping[str, Any]) -> list[Sentence]:
    """Return the headline sentence by sentence: the judged targets first, then those that are not known."""
    return list(_sentences(results))


def _sentences(results: Mapping[str, Any]) -> Iterator[Sentence]:
    cells, groups = _by_target(results), standings(results)
    judged = [standing for standing in groups if is_judged(standing)]
    if not judged:
        yield Sentence("No target was judged on a provider's answers", "", "undecided")
    noun = "target"
    for standing in groups:
        targets = groups[standing]
        count = counted(len(targets), noun) if noun else str(len(targets))
        if is_judged(standing):
            outcome, tone = _outcome([cells[target] for target in targets])
            on = " and ".join(JUDGED_ON[kind] for kind in standing.split("+"))
            yield Sentence(f"{count} judged {on}: {outcome}", "", tone)
        else:
            yield _not_judged(f"{count} {_NOT_JUDGED[standing]}", standing, targets, cells, results["options"])
        noun = ""
    chosen, whole = len(results["cells"]), results["selectable"]
    if chosen < whole:
        yield Sentence(f"{chosen} of {counted(whole, 'cell')} selected", "", "unknown")


def _not_judged(
    subject: str,
    standing: str,
    targets: Sequence[str],
    cells: Mapping[str, Sequence[Mapping[str, Any]]],
    options: Sequence[str],
) -> Sentence:
    failing = sum(cell["verdict"] == Verdict.FAIL for target in targets for cell in cells[target])
    if standing == "documents":
        outcome, tone = _outcome([cells[target] for target in targets])
        return Sentence(f"{subject}: {outcome}", "", tone)
    if standing == "not applicable":
        return Sentence(f"{subject}: not known", "", "unknown")
    fails = f", and {_cells_fail(failing)} on what is emulated or documented" if failing else ""
    remedy = command("record", targets[0], *_places(options))
    return Sentence(f"{subject}: not known{fails}", remedy, "fail" if failing else "unknown")


def _outcome(targets: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[str, Tone]:
    """Return the outcome of judged targets, in words: of one target in cells, of several in targets."""
    counts = [Counter(cell["verdict"] for cell in cells) for cells in targets]
    failing = [count[Verdict.FAIL] for count in counts]
    open_ = [0 if count[Verdict.FAIL] else sum(count[verdict] for verdict in UNDECIDED) for count in counts]
    emulated = sum(count[Verdict.EMULATED] for count in counts)
    parts = []
    if len(targets) == 1:
        undecided = sum(counts[0][verdict] for verdict in UNDECIDED)
        parts += [_cells_fail(failing[0])] if failing[0] else []
        parts += [f"{counted(undecided, 'cell')} undecided"] if undecided else []
        parts = parts or ["conforms"]
    else:
        conforming = len(targets) - sum(map(bool, failing)) - sum(map(bool, open_))
        parts += [f"{conforming} conform{'s' if conforming == 1 else ''}"] if conforming < len(targets) else ["conform"]
        parts += [f"{_verb(sum(map(bool, failing)))} ({counted(sum(failing), 'cell')})"] if any(failing) else []
        parts += [f"{sum(map(bool, open_))} undecided ({counted(sum(open_), 'cell')})"] if any(open_) else []
    tone: Tone = "fail" if any(failing) else "undecided" if any(open_) else "pass"
    parts += [f"{counted(emulated, 'cell')} only emulated"] if emulated else []
    return ", ".join(parts), tone


def _verb(count: int) -> str:
    return f"{count} fails" if count == 1 else f"{count} fail"


def _cells_fail(count: int) -> str:
    return "1 cell fails" if count == 1 else f"{count} cells fail"


def _by_target(results: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    cells: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for cell in results["cells"]:
        cells[cell["target"]].append(cell)
    return cells


def _standing(cells: Sequence[Mapping[str, Any]]) -> str:
    decided = [cell for cell in cells if cell["verdict"] in DECIDED]
    real = {kind for cell in decided for kind in cell["evidence"] if kind in JUDGED_ON}
    verdicts = {cell["verdict"] for cell in cells}
    if real:
        return "+".join(kind for kind in JUDGED_ON if kind in real)
    if Verdict.EMULATED in verdicts or any("emulated" in cell["evidence"] for cell in cells):
        return "emulated"
    if Verdict.SKIP in verdicts:
        return "not recorded"
    if Verdict.INCONCLUSIVE in verdicts:
        return "inconclusive"
    return "documents" if decided else "not applicable"


def _place(standing: str) -> tuple[bool, int, str]:
    order = list(_NOT_JUDGED)
    if is_judged(standing):
        return False, list(JUDGED_ON).index(standing.split("+", maxsplit=1)[0]), standing
    return True, order.index(standing), standing


def _places(options: Sequence[str]) -> Iterator[str]:
    """Yield the options, each before its value, that say where providers, probes and cassettes are."""
    rest = iter(options)
    for option in rest:
        if option in _PLACES:
            yield from (option, next(rest))
