"""Where more streams stop bringing more tokens: two segments, throughput in proportion to min(N, c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from conformance.knowledge.latency.rows import measurable

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEWEST_LEVELS: Final = 4
#: A knee is seen only with a level this far beyond it: at the last level a bend is one point's noise.
_BEYOND: Final = 1.2
_STEPS_A_DOUBLING: Final = 40


@dataclass(frozen=True)
class Knee:
    """The fit: `streams` is c, with its 90 % interval, None where throughput still rises at the last level.

    `stream_tps` is the gain of one more stream below the knee, `plateau` the tokens per second above it.
    """

    streams: float | None
    ci: tuple[float, float] | None
    stream_tps: float
    plateau: float | None
    reason: str = ""


def find_knee(levels: Sequence[tuple[int, float]]) -> Knee | None:
    """Fit tokens/s = a * min(N, c) to (streams, tokens/s) by least squares on ln; None with fewer than four levels.

    On the scale of ln every level counts alike, as errors are in proportion. The interval holds the c whose squares are
    within what F allows of the least (profile likelihood). Levels may repeat.
    """
    usable = [(streams, tps) for streams, tps in levels if streams > 0 and measurable(tps)]
    if len({streams for streams, _ in usable}) < _FEWEST_LEVELS:
        return None
    streams, tps = (np.array(column, dtype=float) for column in zip(*usable, strict=True))
    most = float(streams.max())
    steps = int(_STEPS_A_DOUBLING * np.log2(most / streams.min())) + 1
    candidates = np.geomspace(streams.min(), most, steps)
    shapes = np.log(np.minimum(streams[None, :], candidates[:, None]))
    offsets = np.log(tps)[None, :] - shapes
    scales = offsets.mean(axis=1)
    squares = ((offsets - scales[:, None]) ** 2).sum(axis=1)
    best = int(squares.argmin())
    free = len(usable) - 2
    limit = squares[best] * (1 + float(special.fdtri(1, free, 0.90)) / free)
    within = candidates[squares <= limit + 1e-12]
    low, high = float(within.min()), float(within.max())
    knee, rate = float(candidates[best]), float(np.exp(scales[best]))
    if knee * _BEYOND > most:
        return Knee(None, None, rate, None, f"throughput still rises at {most:.0f} streams: no knee up to there")
    return Knee(knee, (low, high), rate, rate * knee)
