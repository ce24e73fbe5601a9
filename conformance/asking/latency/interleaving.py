"""Two targets asked in turn, the order in each pair by lot: what the hour does to one, it does to the other."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from conformance.asking.latency.runs import run_id, run_of
from conformance.asking.limits import BudgetSpentError
from conformance.knowledge.latency.compare import compare_failures
from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.pairs import LOOKS, at_looks
from conformance.knowledge.latency.rows import in_pairs, sample_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.asking.latency.calibration import Calibration
    from conformance.asking.latency.sampling import Arm
    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.rows import Sample
    from conformance.knowledge.latency.runs import Run

PAIRS: Final = 30
_DECIDING: Final = tuple(gate for gate in GATES if gate.decides)


@dataclass(frozen=True)
class Interleaved:
    """Both arms' runs, and each metric's verdict at the look where it was decided."""

    base: Run
    candidate: Run
    found: Mapping[str, Comparison]


def interleave(
    base: Arm,
    candidate: Arm,
    *,
    pairs: int,
    seed: int,
    say: Callable[[str], None],
    calibration: Calibration | None = None,
    region: str = "default",
    label: str | None = None,
) -> Interleaved:
    """Ask both arms up to so many pairs; stop at a look (`pairs.LOOKS`) where one metric regressed, or all are ok."""
    lot = random.Random(seed)  # noqa: S311 - an order, no secret
    started = datetime.now(UTC)
    names = run_id(started), run_id(started)
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    found: dict[str, Comparison] = {}
    for number in range(1, pairs + 1):
        order = lot.sample((0, 1), 2)
        try:
            pair = [
                (base, candidate)[side].sample(pair=f"{names[0]}-{number}", order=at) for at, side in enumerate(order)
            ]
        except BudgetSpentError as error:
            say(f"[{number}/{pairs}] {error}: the pairs until then are kept")
            break
        for side, row in zip(order, pair, strict=True):
            rows[side].append(row)
        if number in LOOKS:
            found = verdicts(_samples(rows[0]), _samples(rows[1]))
            say(f"[{number}/{pairs}] " + ", ".join(f"{name} {entry.verdict}" for name, entry in found.items()))
            if is_decided(found):
                break
    more: Any = {"region": region, "label": label, "calibration": calibration, "seed": seed}
    return Interleaved(
        run_of(base, names[0], started, rows[0], **more), run_of(candidate, names[1], started, rows[1], **more), found
    )


def verdicts(base: Sequence[Sample], candidate: Sequence[Sample]) -> dict[str, Comparison]:
    """Return each deciding metric's verdict at the first look that decides it, and that on failures."""
    found = {}
    for gate in _DECIDING:
        pairs = in_pairs(base, candidate, gate.of)
        if pairs:
            found[gate.metric] = at_looks(pairs, gate)[0]
    return found | {"failures": compare_failures(base, candidate)}


def is_decided(found: Mapping[str, Comparison]) -> bool:
    """Whether more pairs would change nothing: one metric regressed, or all are ok."""
    text = {entry.verdict for entry in found.values()}
    return "regression" in text or text == {"ok"}


def _samples(rows: Sequence[Mapping[str, Any]]) -> list[Sample]:
    return [sample_of(row, "") for row in rows]
