"""The third question of a reader: what should I do next? Two or three commands, the most useful first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.errors import command, counted
from conformance.report.headline import is_judged, standings
from conformance.report.summary import probe_at_fault, reproduce
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 3


class Step(NamedTuple):
    """A command and its purpose."""

    why: str
    command: str


def next_steps(results: Mapping[str, Any]) -> list[Step]:
    """Return at most three steps.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    return list(_steps(results))[:_MOST]


def _steps(results: Mapping[str, Any]) -> Iterator[Step]:
    cells, options = results["cells"], results["options"]
    fails = [cell for cell in cells if cell["verdict"] == Verdict.FAIL]
    if fails:
        first = fails[0]
        yield Step(
            f"see the evidence of {'the failing cell' if len(fails) == 1 else f'the first of {len(fails)} failing cells'}",
            command("explain", f"{first['target']}-{first['rule']}", *options),
        )
        yield Step(
            "reproduce the failure",
            reproduce(
                first["target"], first["rule"], live=results["live"], options=options, probe=probe_at_fault(first)
            ),
        )
        these = "this failure" if len(fails) == 1 else "these failures"
        yield Step(f"accept {these} for now, so that only new ones fail", "conformance baseline")
    groups = standings(results)
    judged = [target for standing, targets in groups.items() if is_judged(standing) for target in targets]
    open_cells = [cell for cell in cells if cell["target"] in judged and cell["verdict"] == Verdict.INCONCLUSIVE]
    if open_cells:
        words = f"ask {counted(len(open_cells), 'inconclusive cell')} again"
        yield Step(
            words, command("run", "--target", open_cells[0]["target"], "--live", "--rerun-inconclusive", *options)
        )
    skipped = [cell for cell in cells if cell["target"] in judged and cell["verdict"] == Verdict.SKIP]
    if skipped:
        words = f"record what {counted(len(skipped), 'skipped cell')} lack" + ("s" if len(skipped) == 1 else "")
        yield Step(words, command("record", skipped[0]["target"], "--missing", *options))
    emulated = [target for standing in ("emulated", "not recorded") for target in groups.get(standing, ())]
    if emulated:
        yield Step(
            f"ask a provider that is only emulated (needs its key; {len(emulated)} {'is' if len(emulated) == 1 else 'are'})",
            command("record", emulated[0]),
        )
    if not fails and judged:
        yield Step("compare with a candidate before you change", command("upgrade", judged[0], "PROVIDER/MODEL"))
