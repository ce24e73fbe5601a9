"""`conformance latency` that asks: --record takes runs, --interleave compares two targets now."""

from __future__ import annotations

import secrets
import sys
from functools import partial
from typing import TYPE_CHECKING

from conformance.asking.latency.files import write_run
from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.interleaving import interleave
from conformance.asking.latency.runs import Order, calibrated, nonce, plan, record
from conformance.asking.latency.sampling import arm
from conformance.asking.limits import Budget, BudgetSpentError
from conformance.cli.latency.print import report
from conformance.errors import CONFORMS, FAILS, UNDECIDED, UnusableInputError, suggest
from conformance.knowledge.latency.compare import notes
from conformance.knowledge.latency.pairs import LOOKS
from conformance.knowledge.latency.runs import RUNS, samples_of
from conformance.knowledge.latency.workloads import DEFAULT, workloads
from conformance.runs.project import Project
from conformance.runs.settings import settings_from

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from pathlib import Path

    from conformance.asking.latency.calibration import Calibration
    from conformance.knowledge.latency.workloads import Workload
    from conformance.runs.settings import Settings


def main(options: Namespace) -> int:
    """Ask, after the plan was shown. Recording exits 1 where every request of a run failed; interleaving by its verdict.

    Raises:
        UnusableInputError: a target cannot be asked, or a file cannot be written.
    """
    project = Project.here()
    project.load_rules(options.rules)
    settings = settings_from({**vars(options), "live": True, "record": False, "target": options.sides}, project)
    # What is said beside the verdict does not mix with JSON.
    say = partial(print, file=sys.stderr if options.format == "json" else sys.stdout, flush=True)
    chosen = [_workload(name) for name in options.workload or [DEFAULT]]
    try:
        take = _interleave if options.interleave else _record
        return take(options, settings, chosen, say)
    except BudgetSpentError as error:
        say(f"{error}: nothing was measured")
        return UNDECIDED


def _record(options: Namespace, settings: Settings, chosen: list[Workload], say: Callable[[str], None]) -> int:
    order = Order(chosen, options.requests, options.runs, options.region, options.label)
    for line in plan(settings.targets, chosen, order.runs * (order.requests + 1), settings):
        say(line)
    folder = _folder(settings)
    calibration, budget = _calibration(options, say), Budget(settings.max_requests, settings.max_seconds)
    runs = [
        run
        for target in settings.targets
        for run in record(
            target, order, settings=settings, folder=folder, say=say, calibration=calibration, budget=budget
        )
    ]
    cut = len(runs) < order.runs * len(chosen) * len(settings.targets)
    if order.runs > 1:
        say(
            "runs that follow each other share their hour: a baseline takes 5, on different days and at 2 or 3 hours of the day"
        )
    if any(all(sample.failed for sample in run.samples) for run in runs):
        return FAILS
    return UNDECIDED if cut else CONFORMS


def _interleave(options: Namespace, settings: Settings, chosen: list[Workload], say: Callable[[str], None]) -> int:
    # A target beside itself shows what the comparison says of no change.
    targets = settings.targets * 2 if len(set(options.sides)) == 1 else settings.targets
    if len(options.sides) != 2 or len(targets) != 2 or len(chosen) != 1:  # noqa: PLR2004 - BASE and CANDIDATE
        raise UnusableInputError(
            "--interleave asks two targets one workload", remedy="name BASE and CANDIDATE, PROVIDER/MODEL each"
        )
    if options.pairs not in LOOKS:
        remedy = f"name one of {', '.join(map(str, LOOKS))}"
        raise UnusableInputError(f"--pairs {options.pairs} is not a planned number of pairs", remedy=remedy)
    for line in plan(targets, chosen, options.pairs + 1, settings):
        say(line)
    seed = secrets.randbelow(2**31) if options.seed is None else options.seed
    say(f"interleaved in random order: --seed {seed}")
    calibration = _calibration(options, say)
    budget, (base, candidate) = Budget(settings.max_requests, settings.max_seconds), targets
    with (
        Heartbeat() as heartbeat,
        arm(base, chosen[0], settings, budget=budget, heartbeat=heartbeat, nonce=nonce()) as one,
        arm(candidate, chosen[0], settings, budget=budget, heartbeat=heartbeat, nonce=nonce()) as other,
    ):
        pairs = interleave(
            one,
            other,
            pairs=options.pairs,
            seed=seed,
            say=say,
            calibration=calibration,
            region=options.region,
            label=options.label,
        )
    for run in (pairs.base, pairs.candidate):
        say(f"{run.cell}: {write_run(_folder(settings), run)}")
    lines = notes(samples_of([pairs.base]), samples_of([pairs.candidate]))
    code = report(options, pairs.found, lines, seed=seed)
    return code or (UNDECIDED if budget.out_of_time else code)


def _workload(name: str) -> Workload:
    known = workloads()
    if name not in known:
        raise UnusableInputError(f"--workload {name!r} is unknown", remedy=suggest(name, known))
    return known[name]


def _folder(settings: Settings) -> Path:
    return settings.reports / RUNS


def _calibration(options: Namespace, say: Callable[[str], None]) -> Calibration | None:
    return None if options.no_calibration else calibrated(say)
