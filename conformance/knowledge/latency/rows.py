"""Per-request figures as they are handed in: JSONL rows, grouped into runs."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path


#: Seconds, tokens and rates outside of this were not measured but miswritten.
_SMALLEST, _LARGEST = 1e-9, 1e9


def measurable(value: float) -> bool:
    """Return True if a figure can be one: positive, finite, of an order that clocks and counters have."""
    return _SMALLEST < value < _LARGEST


@dataclass(frozen=True)
class Sample:
    """One request: seconds, tokens, and its run. None stands for a figure that was not measured.

    `itl` are the gaps between output chunks; `pair` joins it with the other arm's request that was sent next to it. `decode`
    is the time per output token as it was measured. A sample taken while the machine lagged counts as a request, but has no
    figures; a bursty stream has no time per token.
    """

    run: str
    ttft: float | None = None
    e2e: float | None = None
    output_tokens: float | None = None
    itl: tuple[float, ...] = ()
    pair: str | None = None
    failed: bool = False
    timed_out: bool = False
    decode: float | None = None
    server_ttft: float | None = None
    server_e2e: float | None = None
    buffered: bool = False
    lagged: bool = False

    @property
    def tpot(self) -> float | None:
        """Seconds per output token after the first: never E2E over all tokens, which has the queue in it."""
        if self.decode is not None or self.buffered:
            return self.decode
        after_first = (self.output_tokens or 0) - 1
        if after_first < 1:
            return None
        if self.ttft is not None and self.e2e is not None:
            return (self.e2e - self.ttft) / after_first
        return math.fsum(self.itl) / after_first if self.itl else None

    @property
    def tps(self) -> float | None:
        """Output tokens per second of the whole request."""
        return self.output_tokens / self.e2e if self.output_tokens and self.e2e else None

    def figure(self, name: str) -> float | None:
        """Return `ttft`, `tpot`, `e2e`, `tps`, `output_tokens` or a server's time; None where it was not measured or cannot be."""
        value: float | None = None if self.failed or self.lagged else getattr(self, name)
        return value if value is not None and measurable(value) else None


def read_samples(path: Path) -> list[Sample]:
    """Return the samples of a JSONL file, in order. Rows that name no run are one run.

    Raises:
        UnusableInputError: it cannot be read, or a line does not have the form of schemas/latency-sample.json.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        remedy = "name a JSONL file of requests, or a target with recorded runs"
        raise UnusableInputError(f"cannot be read: {reason}", where=path, remedy=remedy) from error
    samples = [_sample(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not samples:
        raise UnusableInputError("holds no request", where=path, remedy="write one JSON object a line")
    return samples


def _sample(line: str, where: str) -> Sample:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise UnusableInputError(f"no JSON: {error}", where=where, remedy="write one JSON object a line") from error
    wrong = explain("latency-sample", row)
    if wrong is not None:
        raise UnusableInputError(wrong, where=where, remedy="see schemas/latency-sample.json")
    return sample_of(row)


def sample_of(row: Mapping[str, Any], run: str | None = None) -> Sample:
    """Return the sample that a row of the schema's form makes, of a run that stands in the row or around it."""
    return Sample(
        run=str(row.get("run", "")) if run is None else run,
        ttft=row.get("ttft"),
        e2e=row.get("e2e"),
        output_tokens=row.get("output_tokens"),
        itl=tuple(row.get("itl") or ()),
        pair=str(row["pair"]) if row.get("pair") is not None else None,
        failed=bool(row.get("error")),
        timed_out=row.get("error") == "timeout",
        decode=row.get("tpot"),
        server_ttft=row.get("server_ttft"),
        server_e2e=row.get("server_e2e"),
        buffered=bool(row.get("buffered")),
        lagged=bool(row.get("lagged")),
    )


def by_run(samples: Iterable[Sample], figure: str) -> list[list[float]]:
    """Return the figure's values, one list for each run, in the order in which the runs began."""
    runs: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        value = sample.figure(figure)
        if value is not None:
            runs[sample.run].append(value)
    return list(runs.values())


def in_pairs(base: Sequence[Sample], candidate: Sequence[Sample], figure: str) -> list[tuple[float, float]]:
    """Return (baseline, candidate) figures of the pairs that both arms have, in the baseline's order."""
    other = {sample.pair: sample for sample in candidate if sample.pair is not None}
    both = ((sample, other[sample.pair]) for sample in base if sample.pair in other)
    figures = ((a.figure(figure), b.figure(figure)) for a, b in both)
    return [(a, b) for a, b in figures if a is not None and b is not None]


def typical(samples: Iterable[Sample], figure: str, middle: Callable[[list[float]], float]) -> float | None:
    """Return the middle of a figure over all samples, if any has it."""
    values = list(chain.from_iterable(by_run(samples, figure)))
    return middle(values) if values else None
