"""The failing cells of a run as alerts of a code scanning page: each points at the cassette that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from conformance.providers import parse_target
from conformance.recording.cassette import cassette_path
from conformance.report.sarif import Alert, Level
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.providers import Provider, Target


def run_alerts(results: Mapping[str, Any], cassettes: str, providers: Mapping[str, Provider]) -> Iterator[Alert]:
    """Yield an alert for each failing cell and each probe that shows the failure.

    Args:
        results: a run, as `schemas/results.json` has it.
        cassettes: the folder of the cassettes, relative to the repository.
        providers: all that are known, by name.

    Raises:
        UnusableInputError: a target of the run is none of these providers'.
    """
    for cell in results["cells"]:
        if cell["verdict"] != Verdict.FAIL:
            continue
        seen: dict[str, str] = {}
        for finding in cell["findings"]:
            if not finding["known"]:
                seen.setdefault(finding["probe"], finding["message"])
        for probe, message in (seen or {"": cell["reason"]}).items():
            yield Alert(
                rule=cell["rule"],
                level=cast("Level", cell["severity"]),
                message=f"{cell['target']}, {probe or 'all probes'}: {message}",
                file=_file(cassettes, parse_target(cell["target"], providers), probe),
                line=1,
                key=f"{cell['target']} {cell['rule']} {probe}",
            )


def _file(cassettes: str, target: Target, probe: str) -> str:
    path = cassette_path(Path(cassettes), target.provider.name, target.model, target.dialect, probe or "probe")
    return (path if probe else path.parent).as_posix()
