"""`conformance latency TARGET` under load: --sweep, --speedup, --open-loop."""

from __future__ import annotations

import json
import secrets
import sys
from functools import partial
from typing import TYPE_CHECKING

from conformance.asking.latency.files import write_sweep
from conformance.asking.latency.sweep import arriving, side_by_side, sweep
from conformance.asking.limits import BudgetSpentError
from conformance.errors import CONFORMS, FAILS, UNDECIDED, UnusableInputError, suggest
from conformance.knowledge.latency.claims_of_runs import judge
from conformance.knowledge.latency.figures import shown
from conformance.knowledge.latency.sweeps import SWEEPS, Sweep, as_json, open_loop_json
from conformance.knowledge.latency.workloads import DEFAULT, workloads
from conformance.runs.project import Project
from conformance.runs.settings import settings_from

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from conformance.knowledge.latency.claims import Claim
    from conformance.knowledge.latency.workloads import Workload
    from conformance.runs.settings import Settings


def main(options: Namespace) -> int:
    """Ask one target, after the plan was shown.

    The exit code is 1 where every request failed or an objective of an open loop does not hold, 2 where a level, a speed-up
    or an objective is undecided, else 0: speed alone, without a number to compare it with, is no verdict.

    Raises:
        UnusableInputError: the target cannot be asked, or a file cannot be written.
    """
    project = Project.here()
    project.load_rules(options.rules)
    settings = settings_from({**vars(options), "live": True, "record": False, "target": options.sides}, project)
    if len(settings.targets) != 1 or sum(map(bool, (options.sweep, options.speedup, options.open_loop))) != 1:
        remedy = "name one target with one of --sweep, --speedup and --open-loop"
        raise UnusableInputError("a load needs one target and one kind of load", remedy=remedy)
    # What is said beside the figures does not mix with JSON.
    say = partial(print, file=sys.stderr if options.format == "json" else sys.stdout, flush=True)
    try:
        return _load(options, settings, say)
    except BudgetSpentError as error:
        say(f"{error}: what was begun is left out")
        return UNDECIDED


def _load(options: Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    if options.open_loop is not None:
        return _open_loop(options, settings, say)
    load = _sweep(options, settings, say) if options.sweep else _speedup(options, settings, say)
    cut = bool(options.sweep) and len(load.levels) < len(_levels(options.sweep))
    if options.format == "json":
        print(json.dumps(as_json(load), indent=1))
    if load.levels and all(level.failed == level.requests for level in load.levels):
        return FAILS
    measured = (
        all(level.tps is not None for level in load.levels)
        if load.levels
        else load.speedup is not None and load.speedup.ci
    )
    return CONFORMS if measured and not (cut and settings.max_seconds) else UNDECIDED


def _sweep(options: Namespace, settings: Settings, say: Callable[[str], None]) -> Sweep:
    swept = sweep(settings.targets[0], _workload(options), _levels(options.sweep), settings=settings, say=say)
    knee = swept.knee
    if knee is None:
        say("knee: four levels are needed to see one")
    elif knee.streams is None or knee.ci is None or knee.plateau is None:
        say(f"knee: {knee.reason}")
    else:
        low, high = knee.ci
        say(
            f"knee: {knee.streams:.1f} streams (90 % {low:.1f} to {high:.1f}), {shown(knee.plateau, 'tokens/s')} over all from there on"
        )
    say(f"kept: {write_sweep(settings.reports / SWEEPS, swept)}")
    return swept


def _speedup(options: Namespace, settings: Settings, say: Callable[[str], None]) -> Sweep:
    trials = side_by_side(
        settings.targets[0], _workload(options), options.speedup, settings=settings, say=say, seed=_seed(options, say)
    )
    faster = trials.speedup
    assert faster is not None  # noqa: S101 - trials were asked for
    if faster.ratio is None or faster.ci is None:
        say(f"speed-up: {faster.reason}")
    else:
        low, high = faster.ci
        say(
            f"speed-up of {faster.streams} at once: {faster.ratio:.1f}x (95 % {low:.1f} to {high:.1f}, {faster.trials} trials)"
        )
    return trials


def _open_loop(options: Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    target, workload = settings.targets[0], _workload(options)
    loop = arriving(
        target, workload, options.open_loop, options.requests, settings=settings, say=say, seed=_seed(options, say)
    )
    slo = settings.slos.get(target.id)
    claims = list(judge(slo, loop.samples)) if slo is not None and slo.workload == workload.name else []
    if options.format == "json":
        print(json.dumps(open_loop_json(loop, claims), indent=1))
    for name in ("ttft", "e2e"):
        figures = ", ".join(f"{share} {shown(value, 's')}" for share, value in loop.figures(name).items())
        say(f"{name}: {figures or 'not measured'}, from the instant at which requests were due")
    say(f"{sum(sample.failed for sample in loop.samples)} of {len(loop.samples)} requests failed")
    say("\n".join(claim_lines(claims)) if claims else "no [tool.conformance.slo] to hold it against")
    return FAILS if loop.samples and all(sample.failed for sample in loop.samples) else claims_code(claims)


def claim_lines(claims: Sequence[Claim]) -> list[str]:
    """Return one line for each claim: its verdict, the stated and the measured figure."""
    return [f"{claim.verdict:13} {claim.what}: {claim.reason}" for claim in claims]


def claims_code(claims: Sequence[Claim]) -> int:
    """Return the exit code of claims: 1 where one does not hold, 2 where one is inconclusive, else 0."""
    verdicts = {claim.verdict for claim in claims}
    return FAILS if "does not hold" in verdicts else UNDECIDED if "inconclusive" in verdicts else CONFORMS


def _levels(text: str) -> list[int]:
    if not all(part.strip().isdigit() for part in text.split(",")):
        raise UnusableInputError(
            f"--sweep {text!r} is no list of numbers of streams", remedy="write them as 1,2,4,8, behind the target"
        )
    return [int(part) for part in text.split(",")]


def _workload(options: Namespace) -> Workload:
    names = options.workload or [DEFAULT]
    if len(names) > 1:
        raise UnusableInputError("a load asks one workload", remedy="leave one --workload")
    if names[0] not in workloads():
        raise UnusableInputError(f"--workload {names[0]!r} is unknown", remedy=suggest(names[0], workloads()))
    return workloads()[names[0]]


def _seed(options: Namespace, say: Callable[[str], None]) -> int:
    seed: int = secrets.randbelow(2**31) if options.seed is None else options.seed
    say(f"drawn with --seed {seed}")
    return seed
