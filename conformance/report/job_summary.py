"""A run as Markdown, for a pull request's comment and a CI job's summary: the headline, what fails, one line a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.errors import counted
from conformance.recording.redaction import redact_text
from conformance.report.summary import count_verdicts, probe_at_fault, reproduce
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: How many cells are listed: a comment that nobody reads to its end helps nobody.
SHOWN: Final = 20
_MARKS: Final = str.maketrans({char: f"\\{char}" for char in r"\`*_{}[]<>()#+-!|~"})


def as_job_summary(results: Mapping[str, Any]) -> str:
    """Return a run as Markdown.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    return "\n".join(_lines(results)) + "\n"


def escaped(text: str) -> str:
    """Return a provider's text for Markdown: on one line, without secrets, and no character of it is markup."""
    return redact_text(" ".join(text.split())).translate(_MARKS)


def _lines(results: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## LLM provider conformance", "", f"**{escaped(results['headline'])}**")
    yield f"Exit code {results['exit_code']}: {escaped(results['exit_reason'])}."
    open_cells = [
        cell
        for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)
        for cell in results["cells"]
        if cell["verdict"] == verdict
    ]
    if open_cells:
        yield from ("", "| verdict | target | rule | reason |", "|---|---|---|---|")
        for cell in open_cells[:SHOWN]:
            yield f"| {cell['verdict']} | {escaped(cell['target'])} | {escaped(cell['rule'])} | {escaped(cell['reason'])} |"
        if len(open_cells) > SHOWN:
            yield from ("", f"and {counted(len(open_cells) - SHOWN, 'more cell')}.")
        first = open_cells[0]
        again = reproduce(
            first["target"],
            first["rule"],
            live=results["live"],
            options=results["options"],
            probe=probe_at_fault(first),
        )
        yield from ("", "Reproduce the first:", "", "```", again.replace("`", "'"), "```")
    yield from ("", "<details><summary>Targets</summary>", "", "| target | cells |", "|---|---|")
    for target in results["targets"]:
        counts = count_verdicts(cell for cell in results["cells"] if cell["target"] == target)
        yield f"| {escaped(target)} | {', '.join(f'{count} {verdict}' for verdict, count in counts.items())} |"
    yield from ("", "</details>")
