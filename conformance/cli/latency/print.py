"""The lines that `conformance latency` prints for comparisons, and their exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.errors import CONFORMS, FAILS, UNDECIDED
from conformance.knowledge.latency.compare import as_json
from conformance.knowledge.latency.gates import GATES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from conformance.knowledge.latency.regression import Comparison

_SHOWN_ONLY = frozenset(gate.metric for gate in GATES if not gate.decides)
_TAILS = frozenset(gate.metric for gate in GATES if gate.statistic == "p90")


def report(options: Namespace, comparisons: Mapping[str, Comparison], notes: Sequence[str], **more: Any) -> int:  # noqa: ANN401 - JSON
    """Print comparisons by name, and return their exit code. `more` are members of the JSON, beside the metrics."""
    if options.format == "json":
        print(json.dumps({**as_json(comparisons, notes), **more}, indent=1))
    else:
        print("\n".join([*_lines(comparisons), *notes]))
    shown = _SHOWN_ONLY - (_TAILS if options.tails else frozenset())
    return exit_code([comparison for name, comparison in comparisons.items() if name.rpartition("/")[2] not in shown])


def exit_code(comparisons: Sequence[Comparison]) -> int:
    """Return the exit code of the comparisons that decide it; nothing to compare is undecided."""
    verdicts = {
        comparison.verdict for comparison in comparisons if comparison.ratio is not None or comparison.verdict != "ok"
    }
    if "regression" in verdicts:
        return FAILS
    return (
        UNDECIDED
        if "inconclusive" in verdicts or not any(comparison.ratio is not None for comparison in comparisons)
        else CONFORMS
    )


def _lines(comparisons: Mapping[str, Comparison]) -> list[str]:
    width = max(map(len, comparisons), default=0)
    return [
        f"{name:{width}} {comparison.verdict:13} {_figures(comparison)}{comparison.reason}"
        for name, comparison in comparisons.items()
    ]


def _figures(comparison: Comparison) -> str:
    if comparison.ratio is None or comparison.ci is None:
        return ""
    runs = f"K={comparison.shape.baseline_runs} m={comparison.shape.candidate_runs} n={comparison.shape.requests}"
    seen = f", would see x{comparison.detectable:.2f}" if comparison.detectable else ""
    needed = f", needs {comparison.needed_runs} runs" if comparison.needed_runs else ""
    return f"x{comparison.ratio:.2f} (90 % {comparison.ci[0]:.2f} to {comparison.ci[1]:.2f}; {runs}{seen}{needed}): "
