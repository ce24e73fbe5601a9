"""An exit code in words: which of its reasons a run has, with counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE, counted
from conformance.report.headline import DECIDED, is_judged, standings
from conformance.verdicts.cell import Verdict
from conformance.verdicts.ledger import only_emulated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Each exit code of every verb, in words.
EXIT_CODES: Final[dict[int, str]] = {
    CONFORMS: "conforms",
    FAILS: "a cell fails",
    UNDECIDED: "a cell was skipped or is inconclusive, a named target has only emulated evidence, or nothing was judged",
    UNUSABLE: "the input cannot be used",
}


def exit_words(results: Mapping[str, Any]) -> str:
    """Return why a run exits as it does: `3 cells skipped (not recorded), 2 inconclusive`.

    Args:
        results: a run, as `schemas/results.json` has it; `exit_reason` itself may be missing.
    """
    counts = Counter(cell["verdict"] for cell in results["cells"])
    match results["exit_code"]:
        case 0:
            return EXIT_CODES[CONFORMS] + _where_judged(results)
        case 1:
            fails = counts[Verdict.FAIL]
            more = ", ".join(_undecided(results, counts))
            return counted(fails, "cell fails", "cells fail") + (f" (besides, {more})" if more else "")
        case 2:
            return ", ".join(_undecided(results, counts)) or EXIT_CODES[UNDECIDED]
    return EXIT_CODES[UNUSABLE]


def _where_judged(results: Mapping[str, Any]) -> str:
    """Say how many targets exit code 0 speaks of, where it does not speak of all."""
    groups = standings(results)
    judged = sum(len(targets) for standing, targets in groups.items() if is_judged(standing))
    every = len(results["targets"])
    return f" where judged ({judged} of {counted(every, 'target')})" if judged < every else ""


def _undecided(results: Mapping[str, Any], counts: Mapping[str, int]) -> Iterator[str]:
    skipped, inconclusive = counts[Verdict.SKIP], counts[Verdict.INCONCLUSIVE]
    if skipped:
        yield f"{counted(skipped, 'cell')} skipped (not recorded)"
    if inconclusive:
        yield f"{inconclusive if skipped else counted(inconclusive, 'cell')} inconclusive"
    emulated = len(only_emulated(results["cells"]) & set(results["named"]))
    if emulated:
        yield counted(emulated, "named target has only emulated evidence", "named targets have only emulated evidence")
    if not any(counts[verdict] for verdict in DECIDED):
        idle = [
            f"{counts[verdict]} {verdict}" for verdict in (Verdict.EMULATED, Verdict.NOT_APPLICABLE) if counts[verdict]
        ]
        cells = counted(sum(counts.values()), "cell")
        shown = idle and not (skipped or inconclusive)
        yield f"nothing was judged: of {cells}, {', '.join(idle)}" if shown else "nothing was judged"
