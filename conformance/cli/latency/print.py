"""What `conformance latency` prints of comparisons, and the exit code that they come to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.knowledge.latency.compare import as_json
from conformance.knowledge.latency.gates import GATES
from conformance.verdicts.ledger import CONFORMS, FAILS, UNDECIDED

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from conformance.knowledge.latency.regression import Comparison

_SHOWN_ONLY = frozenset(gate.metric for gate in GATES if not gate.decides)
_TAILS = frozenset(gate.metric for gate in GATES if gate.statistic == "p90")


def report(options: Namespace, found: Mapping[str, Comparison], said: Sequence[str], **more: Any) -> int:  # noqa: ANN401 - JSON
    """Print comparisons by name, and return their exit code. `more` are members of the JSON, beside the metrics."""
    if options.format == "json":
        print(json.dumps({**as_json(found, said), **more}, indent=1))
    else:
        print("\n".join([*_lines(found), *said]))
    shown = _SHOWN_ONLY - (_TAILS if options.tails else frozenset())
    return exit_code([each for name, each in found.items() if name.rpartition("/")[2] not in shown])


def exit_code(found: Sequence[Comparison]) -> int:
    """Return the exit code of the comparisons that decide it; nothing to compare is undecided."""
    verdicts = {each.verdict for each in found if each.ratio is not None or each.verdict != "ok"}
    if "regression" in verdicts:
        return FAILS
    return UNDECIDED if "inconclusive" in verdicts or not any(each.ratio is not None for each in found) else CONFORMS


def _lines(found: Mapping[str, Comparison]) -> list[str]:
    width = max(map(len, found), default=0)
    return [f"{name:{width}} {each.verdict:13} {_figures(each)}{each.reason}" for name, each in found.items()]


def _figures(each: Comparison) -> str:
    if each.ratio is None or each.ci is None:
        return ""
    runs = f"K={each.shape.baseline_runs} m={each.shape.candidate_runs} n={each.shape.requests}"
    seen = f", would see x{each.detectable:.2f}" if each.detectable else ""
    needed = f", needs {each.needed_runs} runs" if each.needed_runs else ""
    return f"x{each.ratio:.2f} (90 % {each.ci[0]:.2f} to {each.ci[1]:.2f}; {runs}{seen}{needed}): "
