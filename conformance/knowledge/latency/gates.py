"""The gates of a slow-down: for each metric the smallest ratio worth a red build, and the smallest difference in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: What is computed of a run's requests: the trimmed mean of ln x, or the 90th percentile of ln x.
Statistic: TypeAlias = Literal["mean", "p90"]


@dataclass(frozen=True)
class Gate:
    """One metric's gate. `delta` is the slow-down to detect (0.25: a quarter slower), `floor` an absolute difference.

    `floor` has the metric's unit: seconds, for rates none. `higher_is_better` turns ratios round, so that above 1 is worse.
    What does not decide is shown: tails (a run of ten requests has one in its last tenth), and what the server says that it took,
    which tells a slower provider from a slower way to it.
    """

    metric: str
    of: str  # the request's figure that it is computed from
    delta: float
    floor: float = 0.0
    statistic: Statistic = "mean"
    higher_is_better: bool = False
    decides: bool = True


#: The defaults are judgement (read 2026-11-21): below them a change is not noticed by users, or not told from noise.
GATES: Final[tuple[Gate, ...]] = (
    Gate("ttft", "ttft", delta=0.25, floor=0.050),
    Gate("tpot", "tpot", delta=0.20, floor=0.002),
    Gate("e2e", "e2e", delta=0.20, floor=0.100),
    Gate("tps", "tps", delta=0.20, higher_is_better=True),
    Gate("ttft_p90", "ttft", delta=0.50, floor=0.050, statistic="p90", decides=False),
    Gate("tpot_p90", "tpot", delta=0.50, floor=0.002, statistic="p90", decides=False),
    Gate("e2e_p90", "e2e", delta=0.50, floor=0.100, statistic="p90", decides=False),
    Gate("server_ttft", "server_ttft", delta=0.25, floor=0.050, decides=False),
    Gate("server_e2e", "server_e2e", delta=0.20, floor=0.100, decides=False),
)
