"""Latency samples within a pytest session: pytest-benchmark times the requests, and our figures stand in its `extra_info`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.asking.latency.files import write_run
from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.runs import REQUESTS, calibrated, nonce, plan, run_id, run_of, words
from conformance.asking.latency.sampling import arm
from conformance.asking.limits import Budget
from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.latency.runs import RUNS, as_json
from conformance.knowledge.latency.workloads import workloads
from conformance.suites.selection import STATE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import pytest

    from conformance.knowledge.latency.workloads import Workload
    from conformance.providers import Target
    from conformance.runs.run import Run
    from conformance.wire.exchange import Exchange

#: What is decided anew once there is another run.
_RULE = "timing.regression"


def wanted(config: pytest.Config) -> dict[str, tuple[Target, Workload]]:
    """Return the targets and workloads that --live and --latency ask for, by the name of their test."""
    state, names = config.stash[STATE], list(dict.fromkeys(config.option.latency))
    if not names or state.unusable is not None:
        return {}
    try:
        chosen = _chosen(names, live=state.run.settings.live)
    except UnusableInputError as error:
        state.unusable = str(error)
        return {}
    return {
        f"{target.id}-{workload.name}": (target, workload)
        for target in state.run.settings.targets
        for workload in chosen
    }


def take(benchmark: Any, run: Run, target: Target, workload: Workload, *, started: datetime) -> None:  # noqa: ANN401 - it has no types
    """Take one run by pytest-benchmark's fixture, and keep it.

    Raises:
        UnusableInputError: the target cannot be asked, or the run cannot be written.
    """
    settings = run.settings
    for line in plan([target], [workload], REQUESTS + 1, settings):
        run.say(line)
    calibration = calibrated(run.say)
    exchanges: list[Exchange] = []
    benchmark.group = workload.name
    with (
        Heartbeat() as heartbeat,
        arm(
            target,
            workload,
            settings,
            budget=Budget(settings.max_requests, settings.max_seconds),
            heartbeat=heartbeat,
            nonce=nonce(),
        ) as asked,
    ):

        def ask() -> None:
            exchanges.append(asked.ask())

        benchmark.pedantic(ask, setup=asked.prepare, rounds=REQUESTS, iterations=1)
        rows = [asked.kept(exchange) for exchange in exchanges[:REQUESTS]]
        taken = run_of(asked, run_id(started), started, rows, calibration=calibration)
    benchmark.extra_info["conformance"] = as_json(taken)
    path = write_run(settings.reports / RUNS, taken)
    run.say(f"{taken.cell}: {words(taken)}: {path}")
    run.forget(target, _RULE)


def _chosen(names: Sequence[str], *, live: bool) -> list[Workload]:
    known = workloads()
    if not live:
        raise UnusableInputError("--latency takes samples", remedy="add --live")
    for name in names:
        if name not in known:
            raise UnusableInputError(f"--latency {name!r} is unknown", remedy=suggest(name, known))
    return [known[name] for name in names]
