"""A run in words: the lines printed at its end, its exit code, and the command that reproduces one cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import command, counted
from conformance.verdicts.cell import Verdict
from conformance.verdicts.ledger import is_thin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: What needs a look: listed one by one, the worst first. Skipped cells follow, a line a target.
_LISTED: Final = (Verdict.FAIL, Verdict.INCONCLUSIVE)
_MOST_LISTED = 10
_LONGEST_LINE = 200


def reproduce(
    target: str, rule: str, *, live: bool = False, options: Sequence[str] = (), probe: str | None = None
) -> str:
    """Return the command that reproduces one cell, with the options that the run was given (results.json has them).

    With `probe` it asks that one alone: another may show nothing, and costs money.
    """
    asked = ["--live"] if live else []
    named = ["--probe", probe] if probe is not None else []
    return command("run", "--target", target, *asked, *options, *named, "-k", rule)


def probe_at_fault(cell: Mapping[str, Any]) -> str | None:
    """Return the probe whose finding fails a cell of results.json; None where it fails by more than one answer, or not at all."""
    if cell["verdict"] != Verdict.FAIL:
        return None
    failing = (finding["probe"] for finding in cell["findings"] if not finding["known"])
    return next((probe for probe in failing if probe in cell["probes"]), None)


def count_verdicts(cells: Iterable[Mapping[str, Any]]) -> dict[Verdict, int]:
    """Count cells of results.json by verdict: those that occur, the worst first."""
    counts = Counter(cell["verdict"] for cell in cells)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def summary_lines(results: Mapping[str, Any]) -> list[str]:
    """Return the last lines of a run: the headline, the worst cells, one line for each target, the exit code in words.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    cells = results["cells"]
    wanted = [cell for verdict in _LISTED for cell in cells if cell["verdict"] == verdict]
    lines = [results["headline"], *map(_line, wanted[:_MOST_LISTED])]
    if wanted[_MOST_LISTED:]:
        lines.append(f"and {_counted(wanted[_MOST_LISTED:])} more")
    if wanted:
        worst, live, options = wanted[0], results["live"], results["options"]
        again = reproduce(worst["target"], worst["rule"], live=live, options=options, probe=probe_at_fault(worst))
        lines.append(f"reproduce the first: {again}")
    lines += _asked_again(results)
    lines += _skipped(results)
    width = max(map(len, results["targets"]), default=0)
    lines += [
        f"{target:{width}}  {_counted(cell for cell in cells if cell['target'] == target)}"
        for targets in results["judged_on"].values()  # the judged ones first
        for target in targets
    ]
    lines += notes(results)
    lines.append(f"exit {results['exit_code']}: {results['exit_reason']}")
    return [_printable(line) for line in lines]


def _asked_again(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the command that asks the inconclusive cells of a live run again."""
    cells = [cell for cell in results["cells"] if cell["verdict"] == Verdict.INCONCLUSIVE]
    if cells and results["live"]:
        named = [word for target in dict.fromkeys(cell["target"] for cell in cells) for word in ("--target", target)]
        again = command("run", *named, "--live", "--rerun-inconclusive", *results["options"])
        yield f"ask {counted(len(cells), 'inconclusive cell')} again: {again}"


def notes(results: Mapping[str, Any]) -> list[str]:
    """Return the lines that a green run hides: known deviations, and passes on few of the probes that provoke their rule."""
    return list(_notes(results["cells"]))


def _notes(cells: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    known = sum(cell["verdict"] == Verdict.KNOWN for cell in cells)
    if known:
        yield f"{counted(known, 'cell deviates', 'cells deviate')} in a way that is known, dated and sourced"
    thin = [cell for cell in cells if thin_pass(cell)]
    if not thin:
        return
    worst = min(thin, key=lambda cell: cell["provoking"]["judged"] / cell["provoking"]["of"])
    share = "on {judged} of {of} provoking probes".format(**worst["provoking"])
    passes = counted(len(thin), "pass rests", "passes rest")
    yield f"{passes} on less than half of the provoking probes, such as {worst['target']} {worst['rule']} {share}"


def thin_pass(cell: Mapping[str, Any]) -> bool:
    """Return True if a cell of results.json passes on few of the probes that provoke its rule."""
    return cell["verdict"] == Verdict.PASS and is_thin(cell["provoking"]["judged"], cell["provoking"]["of"])


def _line(cell: Mapping[str, Any]) -> str:
    return _cut(f"{cell['verdict'].upper()} {cell['target']} {cell['rule']}: {cell['reason']}")


def _skipped(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield one line for each target with skipped cells: their number, the reason of the first, and the command that records all."""
    for target in results["targets"]:
        cells = [cell for cell in results["cells"] if (cell["target"], cell["verdict"]) == (target, Verdict.SKIP)]
        if cells:
            yield _line(cells[0])
        if cells[1:]:
            record = command("record", target, "--missing", *results["options"])
            yield f"SKIP {target} and {len(cells) - 1} more; to record all that is missing: {record}"


def _counted(cells: Iterable[Mapping[str, Any]]) -> str:
    cells = list(cells)
    deviating = sum(
        cell["verdict"] == Verdict.EMULATED and any(finding["known"] for finding in cell["findings"]) for cell in cells
    )
    thin = sum(map(thin_pass, cells))
    more = {
        Verdict.EMULATED: f" ({deviating} known)" if deviating else "",
        Verdict.PASS: f" ({thin} on few provoking probes)" if thin else "",
    }
    counts = count_verdicts(cells)
    return ", ".join(f"{count} {verdict}{more.get(verdict, '')}" for verdict, count in counts.items()) or "no cells"


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 3]}..."


def _printable(line: str) -> str:
    """Replace control characters: a reason may quote a provider's bytes, which may move a terminal's cursor."""
    return "".join(char if char.isprintable() else " " if char.isspace() else repr(char)[1:-1] for char in line)
