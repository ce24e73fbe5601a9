"""One campaign: executions of the harnesses, by a seeded lot, until the time or the number is used up."""

from __future__ import annotations

import hashlib
import random
import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.fuzz.harnesses import HARNESSES
from tests.fuzz.mutations import mutated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

CASES: Final = Path(__file__).parent / "cases"
#: CPU seconds of one execution: from here it is slow, and from here it is ended.
SLOW, ENDLESS = 2.0, 20.0
#: One execution in so many is done a second time.
AGAIN: Final = 16
_MOST_OF_A_KIND: Final = 3


class EndlessError(BaseException):
    """An execution was ended. No `except Exception` of the product takes it."""


@dataclass
class Told:
    """What a campaign came to. `kept` holds the crashes by what they are: the error, and the line of ours that raised it."""

    executions: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    slow: Counter[str] = field(default_factory=Counter)
    unsteady: Counter[str] = field(default_factory=Counter)
    again: int = 0
    slowest: tuple[float, str, bytes] = (0.0, "", b"")


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End the block after so many CPU seconds, where the system has such a clock."""

    def end(_: int, __: FrameType | None) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def execute(name: str, data: bytes, told: Told, *, again: bool, cases: Path | None) -> None:
    """Run a harness once, or twice, and note how it went; a case that is bad becomes a file."""
    harness = HARNESSES[name][0]
    told.executions[name] += 1
    started = time.process_time()
    try:
        made = harness(data)
    except (Exception, EndlessError) as error:  # noqa: BLE001 - to be told
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/conformance/" in frame.filename]
        place = f"{ours[-1].filename.rpartition('/conformance/')[2]}:{ours[-1].name}" if ours else "the harness"
        kind = f"{name}: {type(error).__name__} in {place}: {str(error)[:100]}"
        told.crashes[kind] += 1
        _keep(name, data, cases, told.crashes[kind])
        return
    seconds = time.process_time() - started
    if seconds > told.slowest[0]:
        told.slowest = (seconds, name, data)
    if seconds > SLOW:
        told.slow[name] += 1
        _keep(name, data, cases, told.slow[name])
    if again:
        told.again += 1
        if harness(data) != made:
            told.unsteady[name] += 1
            _keep(name, data, cases, told.unsteady[name])


def _keep(name: str, data: bytes, cases: Path | None, number: int) -> None:
    if cases is not None and number <= _MOST_OF_A_KIND:
        cases.mkdir(parents=True, exist_ok=True)
        (cases / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}.bin").write_bytes(data)


def campaign(
    seed: int, *, seconds: float | None, most: int, names: tuple[str, ...], cases: Path | None = CASES
) -> Told:
    """Mutate and execute; return what came of it. `seconds` are on the wall."""
    told, lot, ends = Told(), random.Random(seed), time.monotonic() + seconds if seconds is not None else None
    seeds = {name: HARNESSES[name][1]() for name in names}
    weights = [HARNESSES[name][2] for name in names]
    for number in range(most):
        if ends is not None and time.monotonic() > ends:
            break
        name = lot.choices(names, weights)[0]
        data = mutated(lot.choice(seeds[name]), lot, seeds[name])
        if not hasattr(signal, "setitimer"):
            execute(name, data, told, again=number % AGAIN == 0, cases=cases)
            continue
        with _ended_after(ENDLESS):
            execute(name, data, told, again=number % AGAIN == 0, cases=cases)
    return told
