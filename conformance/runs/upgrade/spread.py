"""How a break is spread over recorded answers in their order: all from one moment on, or here and there on the same request."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from conformance.runs.upgrade.chance import ALPHA

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Sequence


def spread(order: Sequence[str], broken: Collection[str], question: Callable[[str], Hashable]) -> str:
    """Return a clause that names the spread; empty where the answers show none.

    Args:
        order: the answers that the rule was judged on, in the order in which they were recorded.
        broken: those that break it.
        question: what was asked for an answer: two answers to one question can be compared.

    Returns:
        A drift: every answer breaks from one on, none does before, and an order like this is no chance (1 of all orders, `ALPHA`).
        A rollout: one question was answered both ways, and breaks lie between answers without one.
    """
    hits = [number for number, name in enumerate(order, 1) if name in broken]
    if not hits or len(hits) == len(order):
        return ""
    first, last = hits[0], hits[-1]
    if last == len(order) and last - first + 1 == len(hits):
        sure = 1 / comb(len(order), len(hits)) <= ALPHA
        return f"every one from answer {first} on and none before: a drift" if sure and len(hits) > 1 else ""
    clean = {question(name) for name in order if name not in broken}
    both = [name for name in order if name in broken and question(name) in clean]
    if len(both) > 1:
        return f"answers {first} to {last}, and the same request is answered without it too: a gradual rollout, or some servers only"
    return ""
