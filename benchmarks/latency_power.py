"""How often each decision rule calls a regression, on resampled real series whose truth is known.

`python benchmarks/latency_power.py [FOLDER]`: FOLDER holds llmperf-leaderboard series (`ttft_s` a request); without it the
series are drawn (lognormal, one in twenty requests from a slow tail), and the table says so. Seeded; two minutes.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")  # default threads cost more than they bring on series this short

import numpy as np
from scipy import stats

from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.pairs import at_looks, compare_pairs
from conformance.knowledge.latency.regression import compare_runs
from conformance.knowledge.latency.statistics import fit_prior, run_statistic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.knowledge.latency.statistics import Prior

    Series = np.ndarray
    Runs = list[list[float]]

_GATE = next(gate for gate in GATES if gate.metric == "ttft")
_EFFECTS: Final = (0.0, 0.2, 0.5, 1.0)
#: Standard deviation of a run's shift (ln). Fixed prompts moved by 0.07 to 0.16 between days, the sampling of their requests
#: included (read 2026-11-21): 0.11 is their middle, 0.08 what is left of it without the sampling that the series bring
#: themselves, 0.22 a whole day's shift with the change of prompts in it.
_SHIFTS: Final = (0.08, 0.11, 0.22)
_BASELINE_RUNS, _REQUESTS, _MOST_RUNS = 5, 10, 3
_TRIALS = 4000
_LONG_ENOUGH = 120  # requests: sixty pairs


def main() -> None:
    """Print both tables."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else Path("../shared/latency/llmperf_leaderboard")
    series = real_series(folder) if folder.is_dir() else drawn_series()
    print(f"{len(series)} series, {'real' if folder.is_dir() else 'DRAWN: no folder of real ones was given'}; ttft")
    print(
        f"{_TRIALS} trials a figure; REGRESSION / ok / inconclusive in % (standard error of 94 %: 0.4); * is shipped\n"
    )
    _separate(series)
    print()
    _interleaved([each for each in series if len(each) >= _LONG_ENOUGH])


def real_series(folder: Path) -> list[Series]:
    """Return each file's successful requests' TTFT, in their order."""
    found = []
    for path in sorted(folder.glob("*.json")):
        rows = json.loads(path.read_text("utf-8"))
        found.append(np.array([row["ttft_s"] for row in rows if not row["error_code"] and (row["ttft_s"] or 0) > 0]))
    return found


def drawn_series() -> list[Series]:
    """Return made-up series of 150 requests."""
    draw = np.random.default_rng(3)
    slow = [np.where(draw.random(150) < 0.05, 3.0, 1.0) for _ in range(20)]
    return [0.4 * math.exp(draw.normal(0, 0.5)) * np.exp(draw.normal(0, 0.2, 150)) * each for each in slow]


def _separate(series: Sequence[Series]) -> None:
    priors = fitted_priors(series, 0.0)
    rules: dict[str, Callable[[Runs, Runs], str]] = {
        "* moderated t, two runs": lambda base, new: compare_runs(base, new, _GATE).verdict,
        "* prior of the cells": lambda base, new: compare_runs(base, new, _GATE, priors()).verdict,
        "benchmark mean:10%": mean_above_tenth,
        "Mann-Whitney p<.05": mann_whitney,
    }
    print(
        f"separate runs, K={_BASELINE_RUNS}, n={_REQUESTS}; the shipped rule asks for up to {_MOST_RUNS} candidate runs"
    )
    _heading("between-run shift", "rule")
    for shift in _SHIFTS:
        priors = fitted_priors(series, shift)
        for name, rule in rules.items():
            most = _MOST_RUNS if name.startswith("*") else 1
            cells = [_run_trials(series, rule, effect=effect, shift=shift, most=most) for effect in _EFFECTS]
            print(f"{shift:<20}{name:26}" + "".join(f"{cell:>20}" for cell in cells))


def _run_trials(
    series: Sequence[Series], rule: Callable[[Runs, Runs], str], *, effect: float, shift: float, most: int
) -> str:
    draw = np.random.default_rng(11)
    seen: Counter[str] = Counter()
    for _ in range(_TRIALS):
        one = series[draw.integers(len(series))]

        def block(factor: float, one: Series = one) -> list[float]:
            start = draw.integers(len(one) - _REQUESTS + 1)
            return list(one[start : start + _REQUESTS] * factor * math.exp(draw.normal(0, shift)))

        base = [block(1.0) for _ in range(_BASELINE_RUNS)]
        new: Runs = []
        verdict = "inconclusive"
        while verdict == "inconclusive" and len(new) < most:
            new.append(block(1 + effect))
            verdict = rule(base, new)
        seen[verdict] += 1
    return _cell(seen)


def _interleaved(series: Sequence[Series]) -> None:
    print("interleaved pairs, random order in each")
    _heading("pairs", "rule")
    for count in (12, 20, 30):
        cells = [_pair_trials(series, count, effect) for effect in _EFFECTS]
        print(f"{count:<20}{'* trimmed t over pairs':26}" + "".join(f"{cell:>20}" for cell in cells))
    cells = [_pair_trials(series, 60, effect, looks=True) for effect in _EFFECTS]
    print(f"{'up to 60':20}{'* with looks at 6..60':26}" + "".join(f"{cell:>20}" for cell in cells))


def _pair_trials(series: Sequence[Series], count: int, effect: float, *, looks: bool = False) -> str:
    draw = np.random.default_rng(11)
    seen: Counter[str] = Counter()
    for _ in range(_TRIALS):
        one = series[draw.integers(len(series))]
        start = draw.integers(len(one) - 2 * count + 1)
        pairs = one[start : start + 2 * count].reshape(-1, 2).copy()
        swapped = draw.random(count) < 0.5
        pairs[swapped] = pairs[swapped][:, ::-1]
        pairs[:, 1] *= 1 + effect
        arms = [(float(a), float(b)) for a, b in pairs]
        seen[at_looks(arms, _GATE)[0].verdict if looks else compare_pairs(arms, _GATE).verdict] += 1
    return _cell(seen)


def fitted_priors(series: Sequence[Series], shift: float) -> Callable[[], Prior]:
    """Return what gives the prior that five runs of each series make, drawn anew every 200 times."""
    draw = np.random.default_rng(5)
    calls = itertools.count()
    kept: list[Prior] = []

    def run(one: Series) -> float:
        start = draw.integers(len(one) - _REQUESTS + 1)
        return run_statistic(list(one[start : start + _REQUESTS]), "mean") + draw.normal(0, shift)

    def prior() -> Prior:
        if next(calls) % 200 == 0:
            kept[:] = [fit_prior([[run(one) for _ in range(_BASELINE_RUNS)] for one in series])]
        return kept[0]

    return prior


def mean_above_tenth(base: Runs, new: Runs) -> str:
    """Decide as pytest-benchmark's `--benchmark-compare-fail=mean:10%` does: the last run's mean against the one before."""
    return "regression" if np.mean(new[-1]) > 1.1 * np.mean(base[-1]) else "ok"


def mann_whitney(base: Runs, new: Runs) -> str:
    """Decide request by request: the last run against the one before."""
    return "regression" if stats.mannwhitneyu(new[-1], base[-1], alternative="greater").pvalue < 0.05 else "ok"


def _heading(first: str, second: str) -> None:
    print(f"{first:20}{second:26}" + "".join(f"{'no change' if not each else f'{each:+.0%}':>20}" for each in _EFFECTS))


def _cell(seen: Counter[str]) -> str:
    return " / ".join(f"{100 * seen[verdict] / seen.total():.1f}" for verdict in ("regression", "ok", "inconclusive"))


if __name__ == "__main__":
    main()
