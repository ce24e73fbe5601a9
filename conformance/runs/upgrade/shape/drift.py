"""Two shapes, compared place by place; each difference is classed by classes.toml, with the counts that it rests on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Severity, dotted
from conformance.runs.upgrade.chance import ALPHA, fisher_less, needed_for_always
from conformance.runs.upgrade.shape.documented import allows, documented_values, standing
from conformance.runs.upgrade.shape.observed import Seen
from conformance.wire.dialects import dialect_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.runs.upgrade.shape.observed import Place, Shape

#: `always` is said from so many answers on: their exact lower bound is 75 %.
ENOUGH: Final = needed_for_always(0.75)
_FIXED: Final = frozenset({"in the first chunk", "in the last chunk", "in the chunk before the last", "in every chunk"})


@dataclass(frozen=True)
class Drift:
    """One difference in shape.

    Attributes:
        word: its kind, as classes.toml has it.
        place: kind of document and path; for a header the name alone.
        severity: how it weighs.
        title: the difference in one line.
        breaks_if: the end of "A client breaks if it ...".
        before: A's counts.
        after: B's counts.
        examples: the questions that show it, of A and of B.
    """

    word: str
    place: Place
    severity: Severity
    title: str
    breaks_if: str
    before: str
    after: str
    examples: tuple[str, ...] = ()


def drift(a: Shape, b: Shape, dialect: str, *, paired: bool) -> list[Drift]:
    """Return the differences between two shapes of one dialect.

    Args:
        a: the shape of A.
        b: the shape of B.
        dialect: the protocol of both.
        paired: whether both sides answered the same questions: then one new value is news, however few the answers.
    """
    return [*_places(a, b, dialect, paired=paired), *_events(a, b, dialect, paired=paired), *_headers(a, b)]


def _places(a: Shape, b: Shape, dialect: str, *, paired: bool) -> Iterator[Drift]:
    for place in sorted({*a.places, *b.places}):
        kind, path = place
        if not a.answers[kind] or not b.answers[kind] or path.endswith("/[]"):
            continue
        own, other = a.places.get(place, Seen()), b.places.get(place, Seen())
        of_a, of_b = a.of(place), b.of(place)
        if not of_a or not of_b:
            continue  # its parent is news, and named by itself
        word = _presence(own, of_a, other, of_b, paired=paired)
        if word:
            yield _drift(word, place, dialect, _share(own, of_a), _share(other, of_b), (own.example, other.example))
        if own.present and other.present:
            yield from _contents(place, own, other, dialect, paired=paired)


def _presence(own: Seen, of_a: int, other: Seen, of_b: int, *, paired: bool) -> str:
    """Return the word for a place that comes less often than it did, or that is new; empty for neither.

    Where both sides answered the same questions, one answer is news, if no proof. Else only counts that are no chance are.
    """
    less = fisher_less(other.present, of_b, own.present, of_a) <= ALPHA
    if not own.present:
        return "added" if paired or fisher_less(own.present, of_a, other.present, of_b) <= ALPHA else ""
    if not other.present:
        always = own.present == of_a
        return "removed" if less and (paired or always) else "rarer" if always and paired else ""
    if less and own.present == of_a:
        return "optional"
    return "rarer" if less else ""


def _contents(place: Place, own: Seen, other: Seen, dialect: str, *, paired: bool) -> Iterator[Drift]:
    kind, path = place
    examples = (own.example, other.example)
    new = set(other.types) - set(own.types) - {"null"}
    gone = set(own.types) - {"null"}
    if new and gone and (paired or _sure(own, max(other.types[entry] for entry in new), other.present)):
        word = "number" if new <= {"number", "integer"} and gone <= {"number", "integer"} else "type"
        allowed = word == "type" and all(allows(dialect, kind, path, entry) for entry in new)
        if word == "type" or "number" in new:
            yield _drift(
                word, place, dialect, _counted(own.types), _counted(other.types), examples, new, milder=allowed
            )
    if "null" in other.types and "null" not in own.types and (paired or _sure(own, other.types["null"], other.present)):
        milder = allows(dialect, kind, path, "null")
        yield _drift("nullable", place, dialect, _counted(own.types), _counted(other.types), examples, milder=milder)
    before, after = _only(own.positions), _only(other.positions)
    if before and after and before != after:
        yield _drift("moved", place, dialect, before, after, examples, {f"{after}, not {before}"})
    if own.enumerated and other.enumerated:
        fresh = set(other.values) - set(own.values)
        if fresh and (paired or _sure(own, sum(other.values[value] for value in fresh), other.present)):
            expected = documented_values(dialect, kind, path) | _vocabulary(dialect)
            if not paired and (fresh <= expected or kind.startswith("error") or path.endswith("/type")):
                return  # other questions were asked: a documented value, another failure or another variant is no drift
            milder = fresh <= expected or kind == "listing" or not paired
            yield _drift(
                "value", place, dialect, _counted(own.values), _counted(other.values), examples, fresh, milder=milder
            )


def _events(a: Shape, b: Shape, dialect: str, *, paired: bool) -> Iterator[Drift]:
    """Yield the events of a stream that only one side has, where both stream."""
    for kind in sorted({*a.answers, *b.answers}):
        if not kind.startswith("event "):
            continue
        streams_a, streams_b = _streams(a), _streams(b)
        if not streams_a or not streams_b or bool(a.answers[kind]) == bool(b.answers[kind]):
            continue
        if a.answers[kind] and fisher_less(0, streams_b, a.answers[kind], streams_a) > ALPHA:
            continue
        if not a.answers[kind] and not paired and fisher_less(0, streams_a, b.answers[kind], streams_b) > ALPHA:
            continue
        word = "event" if a.answers[kind] else "event_added"
        name = kind.removeprefix("event ")
        counts = f"{a.answers[kind]} of {streams_a} streams", f"{b.answers[kind]} of {streams_b} streams"
        yield _drift(word, (kind, f"/{name}"), dialect, *counts, ())


def _streams(shape: Shape) -> int:
    """Return how many streams there are: as many as have the most common event."""
    return max((count for kind, count in shape.answers.items() if kind.startswith("event ")), default=0)


def _headers(a: Shape, b: Shape) -> Iterator[Drift]:
    of_a, of_b = a.with_headers, b.with_headers
    if not of_a or not of_b:
        return
    for name in sorted({*a.headers, *b.headers}):
        before, after = a.headers[name], b.headers[name]
        gone = before == of_a and not after and fisher_less(after, of_b, before, of_a) <= ALPHA
        new = after == of_b and not before and fisher_less(before, of_a, after, of_b) <= ALPHA
        if gone or new:
            word = "header" if gone else "header_added"
            counts = f"{before} of {of_a} answers", f"{after} of {of_b} answers"
            yield _drift(word, ("header", f"/{name}"), "", *counts, ())


def _drift(  # noqa: PLR0917 - the fields of a value, in their order
    word: str,
    place: Place,
    dialect: str,
    before: str,
    after: str,
    examples: tuple[str, ...],
    values: set[str] | None = None,
    *,
    milder: bool = False,
) -> Drift:
    kind, path = place
    row = _classes()[word]
    stands = "extension" if milder else standing(dialect, kind, path) if kind != "header" else _of_header(path)
    shown = {"path": shown_path(path), "values": ", ".join(sorted(values or ()))}
    title = row["title"].format(**shown)
    return Drift(
        word,
        place,
        Severity(row[stands]),
        title if kind == "header" or word.startswith("event") else f"{title} ({kind})",
        row["breaks_if"].format(**shown),
        before,
        after,
        tuple(dict.fromkeys(filter(None, examples))),
    )


def shown_path(path: str) -> str:
    """Return a path as people write it: `choices[].message.content`."""
    return dotted(path).replace(".[]", "[]")


def _of_header(path: str) -> str:
    """Return how much a header counts: those that clients read by name are documented."""
    name = path.removeprefix("/")
    read = name.startswith(("x-ratelimit", "ratelimit", "anthropic-ratelimit")) or name.endswith("request-id")
    return "documented" if read or name in {"retry-after", "content-type"} else "extension"


@cache
def _vocabulary(dialect: str) -> frozenset[str]:
    """Return the words that a protocol documents for finish reasons, roles and errors."""
    words = dialect_named(dialect).vocabulary
    return frozenset(words.finishes) | words.roles | words.errors


def _share(seen: Seen, of: int) -> str:
    few = f", fewer than the {ENOUGH} that `always` takes" if seen.present == of < ENOUGH else ""
    return f"in {seen.present} of {of} answers{few}"


def _counted(counts: Any) -> str:  # noqa: ANN401 - a Counter of str
    return ", ".join(f"{name} in {count}" for name, count in counts.most_common(6))


def _only(positions: Any) -> str:  # noqa: ANN401 - a Counter of str
    """Return the one position that a member has in all streams, if it is a fixed one."""
    only = next(iter(positions)) if len(positions) == 1 else ""
    return only if only in _FIXED and positions[only] > 1 else ""


def _sure(own: Seen, hits: int, of: int) -> bool:
    return (1 - min(hits, of) / of) ** own.present <= ALPHA


@cache
def _classes() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(
        files("conformance.runs.upgrade.shape").joinpath("classes.toml").read_text("utf-8")
    )
    return table
