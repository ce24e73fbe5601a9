"""Recording runs of a target: what it will take, the runs, and the files they become."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from conformance import __version__
from conformance.asking.latency.calibration import calibrate
from conformance.asking.latency.files import write_run
from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.sampling import arm, check
from conformance.asking.limits import Budget, BudgetSpentError
from conformance.errors import UnusableInputError, counted
from conformance.knowledge.latency.regression import FEWEST_REQUESTS
from conformance.knowledge.latency.runs import Cell, Run
from conformance.probes.plan import line, with_reasoning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.asking.address import Address
    from conformance.asking.latency.calibration import Calibration
    from conformance.asking.latency.sampling import Arm
    from conformance.knowledge.latency.workloads import Workload
    from conformance.providers import Target

REQUESTS: Final = 10
REGION: Final = "default"
_SILENT: Final = 3  # failures in a row that end a run


@dataclass(frozen=True)
class Order:
    """What is to be recorded. `label` names the runs that belong together; None: those of this day."""

    workloads: Sequence[Workload]
    requests: int = REQUESTS
    runs: int = 1
    region: str = REGION
    label: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would be no run.

        Raises:
            UnusableInputError: a run would have too few requests.
        """
        if self.requests < FEWEST_REQUESTS:
            remedy = f"a run takes {FEWEST_REQUESTS} successful requests: ask for 10 to 15"
            raise UnusableInputError(f"--requests {self.requests} is too few for a run", remedy=remedy)


def plan(targets: Sequence[Target], workloads: Sequence[Workload], requests: int, settings: Address) -> Iterator[str]:
    """Yield a line a target and workload, before the first request: requests, tokens, USD, and the time that pacing takes.

    Args:
        targets: whom to ask.
        workloads: what, each in as many requests, warming up included.
        requests: how many.
        settings: whose --max-requests bounds it.

    Raises:
        UnusableInputError: a target cannot be asked a workload, or --max-requests ends before its runs do.
    """
    wanted = requests * len(targets) * len(workloads)
    if wanted > settings.max_requests:
        what = f"the runs need {counted(wanted, 'request')}, and --max-requests allows {settings.max_requests}"
        raise UnusableInputError(what, remedy="raise --max-requests, or lower --requests")
    for target in targets:
        for workload in workloads:
            check(target, workload)
            yield line(
                target,
                f"{target.id} {workload.name}:",
                requests=requests,
                max_requests=settings.max_requests,
                sent=requests * workload.input,
                output=with_reasoning(target, requests * workload.output, requests),
            )


def record(
    target: Target,
    order: Order,
    *,
    settings: Address,
    folder: Path,
    say: Callable[[str], None],
    calibration: Calibration | None,
    budget: Budget | None = None,
) -> list[Run]:
    """Take the runs that are ordered, write each below `folder` as soon as it is whole, and return them.

    A run that --max-seconds cuts is left out, as are those behind it, and a line says so.

    Raises:
        UnusableInputError: the target cannot be asked, nobody answers, or a file cannot be written.
    """
    budget = budget or Budget(settings.max_requests, settings.max_seconds)
    taken: list[Run] = []
    with Heartbeat() as heartbeat:
        for workload in order.workloads:
            for number in range(1, order.runs + 1):
                try:
                    with arm(target, workload, settings, budget=budget, heartbeat=heartbeat, nonce=nonce()) as asked:
                        run = one_run(asked, order, calibration)
                except BudgetSpentError as error:
                    say(f"{target.id} {workload.name}: {error}: the run that was begun is left out")
                    return taken
                path = write_run(folder, run)
                taken.append(run)
                say(f"[{number}/{order.runs}] {run.cell}: {words(run)}: {path}")
    return taken


def one_run(
    asked: Arm, order: Order, calibration: Calibration | None, settings: Mapping[str, Any] | None = None
) -> Run:
    """Take one run of a target that is connected and warm. Three failures in a row end it.

    `settings` are what is known of the server's.
    """
    started = datetime.now(UTC)
    name = run_id(started)
    rows: list[dict[str, Any]] = []
    for _ in range(order.requests):
        rows.append(asked.sample())
        if len(rows) >= _SILENT and all(row.get("error") for row in rows[-_SILENT:]):
            break
    return run_of(
        asked, name, started, rows, region=order.region, label=order.label, calibration=calibration, settings=settings
    )


def run_of(
    asked: Arm,
    name: str,
    started: datetime,
    rows: Sequence[Mapping[str, Any]],
    *,
    region: str = REGION,
    label: str | None = None,
    calibration: Calibration | None = None,
    **more: Any,  # noqa: ANN401 - fields of schemas/latency-run.json
) -> Run:
    """Return the run that rows make."""
    info = {
        "tool": f"llm-provider-conformance {__version__}",
        "host": urlsplit(asked.host).hostname,
        "warm_up": asked.warm_up,
        "calibration": asdict(calibration) if calibration else None,
        **more,
    }
    return Run(
        name,
        Cell(asked.target.id, asked.workload.name, region),
        label or started.date().isoformat(),
        started,
        asked.workload.hash,
        tuple(rows),
        {key: value for key, value in info.items() if value is not None},
    )


def words(run: Run) -> str:
    """Return what a run brought, for people."""
    samples = run.samples
    failed, lagged = sum(entry.failed for entry in samples), sum(entry.lagged for entry in samples)
    figures = sorted(value for entry in samples if (value := entry.figure("ttft")) is not None)
    middle = f", median TTFT {1e3 * figures[len(figures) // 2]:.0f} ms" if figures else ""
    left_out = f", {lagged} while this machine lagged" if lagged else ""
    return f"{counted(len(samples), 'request')}, {failed} failed{left_out}{middle}"


def calibrated(say: Callable[[str], None]) -> Calibration:
    """Calibrate, and say how far the clock is off.

    Raises:
        UnusableInputError: the calibration's server does not start.
    """
    result = calibrate()
    say(result.words)
    return result


def run_id(started: datetime) -> str:
    """Return a name for a run that began then."""
    return f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"


def nonce() -> str:
    """Return what no prompt began with before."""
    return secrets.token_hex(4)
