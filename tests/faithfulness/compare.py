"""Real exchanges against emulated ones of the same provider: what only one side has, and the share that both have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from tests.faithfulness.sample import KINDS
from tests.faithfulness.shape import shape_of
from tests.faithfulness.stream_order import traits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.faithfulness.sample import Sample
    from tests.faithfulness.shape import Shape

#: What fewer exchanges of a kind have is a rarity: of one model, one tool, one day.
LEAST = 0.05
#: From so many exchanges on, "in every one" and "in none" mean something.
_ENOUGH = 10

Side: TypeAlias = Literal["real", "emulated"]


@dataclass(frozen=True, order=True)
class Difference:
    """What one side has in at least `LEAST` of its exchanges of a kind, and the other in none.

    `what` is a JSON path, `path: type`, a header or a trait of the stream; `share` is that of the side that has it. The
    emulated side is held against real exchanges only where there are ten of them, and by its answers to the same requests.
    """

    provider: str
    kind: str
    side: Side
    what: str
    share: float


@dataclass(frozen=True)
class Compared:
    """Both sides of one provider and kind. `real` and `emulated` count exchanges; the sets are what is frequent on each side."""

    provider: str
    kind: str
    real: int
    emulated: int
    wanted: frozenset[str]
    met: frozenset[str]
    shown: frozenset[str]
    confirmed: frozenset[str]
    differences: tuple[Difference, ...]

    @property
    def share(self) -> float:
        """Share of what real exchanges often have that emulated ones have, 0 to 1."""
        return len(self.met) / len(self.wanted) if self.wanted else 1.0

    @property
    def reverse(self) -> float:
        """Share of what emulated exchanges often have that real ones have, 0 to 1."""
        return len(self.confirmed) / len(self.shown) if self.shown else 1.0


def compare(provider: str, real: Sequence[Sample], emulated: Sequence[Sample]) -> list[Compared]:
    """Return the paths, types, headers and framing of both sides, one result a kind that was recorded."""
    found = []
    for kind in KINDS:
        ours, theirs = ([each for each in side if each.kind == kind] for side in (emulated, real))
        if theirs:
            found.append(_compared(provider, kind, theirs, ours, _paths))
            found.append(_compared(provider, f"{kind} types", theirs, ours, _types))
    with_headers = [each for each in real if each.headers]
    if with_headers:
        found.append(_compared(provider, "headers", with_headers, emulated, lambda sample: sample.headers))
    streams = [each for each in real if each.kind == "stream"]
    if streams:
        ours = [each for each in emulated if each.kind == "stream"]
        found.append(_compared(provider, "framing", streams, ours, traits))
    return found


def optionality(provider: str, real: Sequence[Sample], emulated: Sequence[Sample]) -> Iterator[Difference]:
    """Yield the paths that every real exchange of a kind has and not every emulated one."""
    same = _to_the_same(real, emulated)
    for kind in KINDS:
        theirs, ours = (shape_of(each for each in side if each.kind == kind) for side in (real, same))
        if theirs.exchanges >= _ENOUGH and ours.exchanges:
            for path in theirs.frequent(1.0):
                if 0 < ours.share(path) < 1:
                    yield Difference(provider, kind, "real", path, ours.share(path))


def enums(real: Sequence[Sample], emulated: Sequence[Sample]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield (kind, path, words) of members that look like closed lists, with the words that only real exchanges hold."""
    same = _to_the_same(real, emulated)
    for kind in KINDS:
        theirs, ours = (shape_of(each for each in side if each.kind == kind) for side in (real, same))
        for path in theirs.frequent(LEAST):
            only = theirs.enum(path) - frozenset(ours.words.get(path, ()))
            if only and path in ours.paths:
                yield kind, path, only


def _compared(
    provider: str,
    kind: str,
    real: Sequence[Sample],
    emulated: Sequence[Sample],
    things: Callable[[Sample], Iterable[str]],
) -> Compared:
    theirs, ours = _shares(real, things), _shares(emulated, things)
    alike = _shares(_to_the_same(real, emulated), things)
    wanted, shown = (frozenset(thing for thing, share in side.items() if share >= LEAST) for side in (theirs, alike))
    met, confirmed = wanted & ours.keys(), shown & theirs.keys()
    extra = shown - confirmed if len(real) >= _ENOUGH else ()
    differences = (
        *(Difference(provider, kind, "real", what, theirs[what]) for what in sorted(wanted - met)),
        *(Difference(provider, kind, "emulated", what, alike[what]) for what in sorted(extra)),
    )
    return Compared(provider, kind, len(real), len(emulated), wanted, met, shown, confirmed, differences)


def _to_the_same(real: Sequence[Sample], emulated: Sequence[Sample]) -> Sequence[Sample]:
    """Return the emulated answers to the real requests, or all where none was asked again.

    Our own probes ask for more than was ever recorded: what stands in the answers to them alone refutes nothing. Where a handful
    was recorded, an answer of a status that is not among them refutes nothing either: an error of another status has another form.
    """
    asked = {sample.exchange.id for sample in real}
    again = [sample for sample in emulated if sample.exchange.id in asked]
    statuses = {sample.exchange.response.status for sample in real if sample.exchange.response}
    alike = [sample for sample in emulated if sample.exchange.response and sample.exchange.response.status in statuses]
    return again or (alike if len(real) < _ENOUGH else []) or emulated


def _shares(samples: Sequence[Sample], things: Callable[[Sample], Iterable[str]]) -> dict[str, float]:
    counts = Counter(thing for sample in samples for thing in set(things(sample)))
    return {thing: count / len(samples) for thing, count in counts.items()}


@cache
def _shape(sample: Sample) -> Shape:
    return shape_of([sample])


def _paths(sample: Sample) -> Iterable[str]:
    return _shape(sample).paths


def _types(sample: Sample) -> Iterator[str]:
    for path, kinds in _shape(sample).types.items():
        for kind in kinds:
            # 0 and 0.5 are one JSON type, and which of them a duration is is a matter of chance.
            yield f"{path}: {'number' if kind == 'integer' else kind}"
