"""Compares two sides: the rules, the answers, the shape of the JSON, the facts; and names what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.errors import counted
from conformance.runs.upgrade.answers import answer_changes
from conformance.runs.upgrade.facts import facts_of
from conformance.runs.upgrade.measured import measured
from conformance.runs.upgrade.of_recording import dialects_of, narrowed
from conformance.runs.upgrade.of_sdk import sdk_changes
from conformance.runs.upgrade.rules import rule_changes
from conformance.runs.upgrade.shape.changes import kinds_of_questions, shape_changes
from conformance.verdicts.comparison import Comparison, Kind, Unknown, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from conformance.rules.table import Severity
    from conformance.runs.upgrade.material import Material
    from conformance.verdicts.comparison import Change

_NAMED: Final = 5


def compare(
    a: Material,
    b: Material,
    *,
    as_of: date,
    fail_on: Severity,
    runs: Sequence[Path] = (),
    options: tuple[str, ...] = (),
) -> Comparison:
    """Return the comparison of two sides.

    Args:
        a: the side in use.
        b: the side that is looked at.
        as_of: the day on which dates are judged.
        fail_on: the lowest severity that breaks.
        runs: the folders of recorded latency runs.
        options: those that the same command needs again.
    """
    if a.side.form == "sdk":
        changes_of_sdk, untried = sdk_changes(a, b)
        shared = len(a.clients.keys() & b.clients.keys())
        return Comparison(
            a.side, b.side, as_of, fail_on, in_order(changes_of_sdk), tuple(untried), pairs=shared, options=options
        )
    whole = a, b
    a, b = _of_one_protocol(a, b)
    by_rule, unknown, judged = rule_changes(a, b)
    new = [change for change in by_rule if change.kind in {Kind.NEWLY_BROKEN, Kind.WORSE}]
    answers = answer_changes(a, b, {name for change in new for name in change.probes})
    shapes = shape_changes(a, b, _pointers(b, new))
    facts, worse = facts_of(a, b, as_of)
    figures, open_figures, slower = measured(a, b, runs)
    pairs = len(a.asked & b.asked) if a.paired and b.paired else min(len(a.samples), len(b.samples))
    changes = [*by_rule, *answers, *shapes, *worse, *slower]
    return Comparison(
        a.side,
        b.side,
        as_of,
        fail_on,
        in_order(changes),
        (*_nothing(judged, a, b), *unknown, *_uncovered(a, b), *_no_wire(a, b), *_unlisted(a, b), *open_figures),
        (*facts, *figures),
        pairs,
        judged,
        (*_left_out(whole, (a, b)), *_notices(a, b)),
        options,
    )


def _of_one_protocol(a: Material, b: Material) -> tuple[Material, Material]:
    """Return both sides with the answers of the protocols that both speak, where a side is a recording of several."""
    shared = dialects_of(a) & dialects_of(b)
    if not shared or (a.paired and b.paired):
        return a, b
    return (a if a.paired else narrowed(a, shared)), (b if b.paired else narrowed(b, shared))


def _left_out(whole: tuple[Material, Material], kept: tuple[Material, Material]) -> Iterator[str]:
    for letter, before, after in zip("AB", whole, kept, strict=True):
        count = len(before.samples) - len(after.samples)
        if count:
            yield f"{letter}: {counted(count, 'answer')} in protocols that the other side does not speak: left out"


def _pointers(b: Material, changes: Sequence[Change]) -> set[str]:
    return {
        place.pointer
        for change in changes
        for places in b.rules[change.id].broken.values()
        for place in places
        if place.pointer
    }


def _uncovered(a: Material, b: Material) -> Iterator[Unknown]:
    """Yield the kinds of questions that A's answers are to, and none of B's, where the sides were not asked the same."""
    if a.paired and b.paired:
        return
    missing = sorted(kinds_of_questions(a) - kinds_of_questions(b))
    if missing:
        why = "; ".join(" + ".join(kind) for kind in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED} more" if missing[_NAMED:] else ""
        yield Unknown(
            f"{len(missing)} kinds of questions that A answered, B did not", why + more, b.record, decides=True
        )


def _nothing(judged: int, a: Material, b: Material) -> Iterator[Unknown]:
    if judged:
        return
    remedy = b.record or a.record
    yield Unknown("nothing was compared", "no rule was judged on both sides", remedy, decides=True)


def _no_wire(a: Material, b: Material) -> Iterator[Unknown]:
    bare = [side for side in (a, b) if side.side.form == "results"]
    if bare:
        names = " and ".join(side.side.name for side in bare)
        why = f"{names} holds verdicts and no answers; name a target or a folder of cassettes in its place"
        yield Unknown("the shape of the JSON", why)
    elif a.side.dialect != b.side.dialect and a.paired and b.paired:
        yield Unknown(
            "the shape of the JSON", "two protocols have no shape in common: the rules of each are judged alone"
        )


def _unlisted(a: Material, b: Material) -> Iterator[Unknown]:
    for side in (a, b):
        target = side.target
        if target is not None and target.known is None:
            why = f"{target.model} is not listed in {target.provider.file.name}; --providers takes a TOML file that lists it"
            yield Unknown(f"capabilities, limits and prices of {target.id}", why)


def _notices(a: Material, b: Material) -> Iterator[str]:
    for letter, side in (("A", a), ("B", b)):
        if side.unreadable:
            yield f"{letter}: {len(side.unreadable)} entries could not be read, such as {side.unreadable[0]}"
    if a.side.dialect and b.side.dialect and a.side.dialect != b.side.dialect:
        yield f"rules of {a.side.dialect} that {b.side.dialect} has no counterpart of are not compared"
