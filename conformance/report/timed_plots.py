"""The plots of timed requests. They need numpy and scipy, the extra `[latency]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge.latency.extra import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from conformance.knowledge.latency.slo import Slo
    from conformance.providers import Target
    from conformance.report.plots.svg import Plot
    from conformance.wire.case import Case


def target_plots(target: Target, reports: Path, slos: Mapping[str, Slo]) -> list[Plot]:
    """Return `latency_plots.target_plots`; no plot where numpy or scipy is missing."""
    if missing():
        return []
    from conformance.report import latency_plots  # noqa: PLC0415 - it imports numpy

    return latency_plots.target_plots(target, reports, slos)


def stream_plots(subject: str, cases: Iterable[Case], most: int = 1) -> list[Plot]:
    """Return `latency_plots.stream_plots`; no plot where numpy or scipy is missing."""
    if missing():
        return []
    from conformance.report import latency_plots  # noqa: PLC0415 - it imports numpy

    return latency_plots.stream_plots(subject, cases, most)
