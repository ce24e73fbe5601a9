"""Latency: recorded runs against their past; with --live and --latency WORKLOAD, a run of samples first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import UnusableInputError
from conformance.knowledge.latency.benchmark_file import name_no_machine
from conformance.knowledge.latency.extra import REMEDY, missing
from conformance.suites.selection import STATE
from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.knowledge.latency.workloads import Workload
    from conformance.providers import Target
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.latency
SUBJECTS = ()
OVER_TARGET = ("timing",)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of samples for each target and workload that --latency names."""
    if "sampled" in metafunc.fixturenames:
        names = list(_wanted(metafunc.config))
        metafunc.parametrize("sampled", names, ids=names)


def _wanted(config: pytest.Config) -> dict[str, tuple[Target, Workload]]:
    """Return the samples that --latency asks for, by the name of their test. Without --latency nothing is imported."""
    if not config.option.latency:
        return {}
    if why := missing():
        config.stash[STATE].unusable = f"{why}: {REMEDY}"
        return {}
    from conformance.suites.latency_samples import wanted  # noqa: PLC0415 - it imports numpy

    return wanted(config)


def test_samples(sampled: str, benchmark: Any, run: Run, pytestconfig: pytest.Config) -> None:  # noqa: ANN401 - pytest-benchmark's
    """A run of samples is taken and kept, for the comparison that follows."""
    from conformance.suites.latency_samples import take  # noqa: PLC0415 - it imports numpy

    if not benchmark.enabled:
        pytest.skip(
            "unchecked: pytest-benchmark is disabled here (pytest-xdist or --benchmark-disable), and takes no samples"
        )
    try:
        take(benchmark, run, *_wanted(pytestconfig)[sampled], started=datetime.now(UTC))
    except UnusableInputError as error:
        pytestconfig.stash[STATE].unusable = str(error)  # the session then exits 3
        pytest.skip(str(error))
    name_no_machine(pytestconfig)


def test_latency(cell: Cell, run: Run) -> None:
    """The target is no slower than it was."""
    settle(cell, run)
