"""The same question, two answers: tool calls, schemas, agreement at temperature 0, and whether B is not worse than A by a margin.

Trigger F1 and schema accuracy are those of Moonshot's K2 Vendor Verifier (https://github.com/MoonshotAI/K2-Vendor-Verifier, read
2026-11-28): the trigger compares B's decision to call with A's; the accuracy is the share of calls whose arguments match their schema.
"""

from __future__ import annotations

import json
from math import ceil
from random import Random
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.runs.upgrade.chance import ALPHA, exact, fisher_less
from conformance.verdicts.comparison import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.runs.upgrade.material import Material, Sample
    from conformance.verdicts.comparison import Standing
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import ToolCall

#: How much rarer a good answer of B may be until B counts as worse: five of a hundred.
MARGIN: Final = 0.05
_DRAWS: Final = 2000
_TAIL: Final = 0.025
_POWER: Final = 0.8
_ARGUMENTS: Final = ("tool_call.arguments_json", "tool_call.arguments_schema")


class _Pair(NamedTuple):
    name: str
    a: Case
    b: Case


def tool_calls(a: Material, b: Material) -> Iterator[Fact]:
    """Yield the F1 of B's decisions to call a tool, A's decisions taken for right."""
    pairs = [pair for pair in _pairs(a, b) if pair.a.asked.tools and pair.b.asked.tools]
    decisions = [(_calls(pair.a), _calls(pair.b)) for pair in pairs]
    both = sum(before and after for before, after in decisions)
    only_a = sum(before and not after for before, after in decisions)
    only_b = sum(after and not before for before, after in decisions)
    if not both + only_a + only_b:
        return
    share = 2 * both / (2 * both + only_a + only_b)
    note = f"{len(pairs)} questions with tools: both call in {both}, A alone in {only_a}, B alone in {only_b}"
    yield Fact("tool-call trigger F1", "1 (by definition)", f"{share:.2f}", "same" if share == 1 else "changed", note)


def schema_accuracy(a: Material, b: Material) -> Iterator[Fact]:
    """Yield the share of answers with tool calls whose arguments are JSON and match the schema that was declared."""
    counts = []
    for side in (a, b):
        states = [side.rules[rule] for rule in _ARGUMENTS if rule in side.rules]
        shown = frozenset[str]().union(*(state.shown for state in states))
        broken = frozenset[str]().union(*(frozenset(state.broken) for state in states))
        counts.append((len(shown - broken), len(shown)))
    (good_a, of_a), (good_b, of_b) = counts
    if of_a and of_b:
        standing: Standing = "worse" if fisher_less(good_b, of_b, good_a, of_a) <= ALPHA else "same"
        yield Fact(
            "tool-call schema accuracy",
            str(exact(*counts[0])),
            str(exact(*counts[1])),
            standing,
            "exact 95 % intervals",
        )


def agreement(a: Material, b: Material) -> Iterator[Fact]:
    """Yield how many answers at temperature 0 are the same: to the letter, and without regard to case, space and punctuation."""
    pairs = [pair for pair in _pairs(a, b) if pair.a.asked.temperature == 0 and pair.b.asked.temperature == 0]
    texts = [(_said(pair.a), _said(pair.b)) for pair in pairs]
    texts = [(before, after) for before, after in texts if before or after]
    for name, alike in (("exactly", str), ("but for case, space and punctuation", _normalised)):
        same = sum(alike(before) == alike(after) for before, after in texts)
        if texts:
            note = "answers at temperature 0, exact 95 % interval; hosts of the same weights differ in arithmetic"
            yield Fact(
                f"answers that agree {name}",
                "",
                str(exact(same, len(texts))),
                "changed" if same < len(texts) else "same",
                note,
            )


def not_worse(a: Material, b: Material) -> Iterator[Fact]:
    """Yield whether B's answers keep the rules as often as A's: a paired bootstrap against the margin."""
    shared = [name for name in a.samples if name in b.samples]
    broken = [{name for state in side.rules.values() for name in state.broken if name} for side in (a, b)]
    good = [(name not in broken[0], name not in broken[1]) for name in shared if not b.samples[name].unusable]
    if not good:
        return
    differences = [int(after) - int(before) for before, after in good]
    low, high = bootstrap(differences)
    counts = [sum(side) for side in zip(*good, strict=True)]
    standing: Standing = "same" if low >= -MARGIN else "worse" if high < -MARGIN else "not known"
    note = f"difference {fmean(differences):+.1%} ({low:+.1%} to {high:+.1%}), margin {MARGIN:.0%}, {len(good)} pairs"
    if standing == "not known":
        note += f"; about {pairs_needed(differences)} pairs would tell"
    yield Fact(
        "answers that keep every rule", f"{counts[0]} of {len(good)}", f"{counts[1]} of {len(good)}", standing, note
    )


def bootstrap(differences: list[int]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of paired differences, by 2,000 draws of always the same seed."""
    rng = Random(0)  # noqa: S311 - the same every time
    means = sorted(fmean(rng.choices(differences, k=len(differences))) for _ in range(_DRAWS))
    return means[int(_TAIL * _DRAWS)], means[int((1 - _TAIL) * _DRAWS)]


def pairs_needed(differences: list[int]) -> int:
    """Return how many pairs settle non-inferiority at 80 % power, at the spread that these have and no true difference."""
    spread = max(fmean(entry * entry for entry in differences) - fmean(differences) ** 2, 1 / len(differences))
    z = NormalDist().inv_cdf(1 - _TAIL) + NormalDist().inv_cdf(_POWER)
    return ceil(z * z * spread / (MARGIN * MARGIN))


def _pairs(a: Material, b: Material) -> Iterator[_Pair]:
    """Yield the answers of both sides to one request, where both are completions."""
    for name in a.samples:
        if name in b.samples and _usable(a.samples[name]) and _usable(b.samples[name]):
            for before, after in zip(a.samples[name].cases, b.samples[name].cases, strict=False):
                if before.reply.succeeded and after.reply.succeeded:
                    yield _Pair(name, before, after)


def _usable(sample: Sample) -> bool:
    return not sample.unusable


def _calls(case: Case) -> bool:
    return any(choice.tool_calls for choice in case.reply.choices)


def _said(case: Case) -> str:
    """Return the text of an answer, and its calls without their ids."""
    parts = [choice.text for choice in case.reply.choices]
    parts += [_call(call) for choice in case.reply.choices for call in choice.tool_calls]
    return "\n".join(part for part in parts if part)


def _call(call: ToolCall) -> str:
    try:
        arguments = json.dumps(json.loads(call.arguments), sort_keys=True)
    except (ValueError, TypeError):
        arguments = call.arguments
    return f"{call.name}({arguments})"


def _normalised(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
