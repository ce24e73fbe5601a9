"""Texts that an expression may take long for: made of the expression itself, what it repeats and what leads there."""

from __future__ import annotations

import re._constants as codes  # type: ignore[import-not-found]
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.redos.counted import ENDLESS, MOST_STEPS, ONE_CHARACTER, REPEATS, Counter

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters of the classes that expressions name.
_CHARACTERS: Final = " a0\n\"'\\</>.-_:=A,{}[]()`%;&?#@+*|~\t\ré\x00"
_TAILS: Final = ("\x00", "\n\x01!", "")
#: How often a text is repeated: more often than a bounded repeat is counted, and twice and four times that.
_TIMES: Final = (12, 24, 48)
#: Steps that came with the second doubling, over those of the first: 2 where each character costs the same, 4 where the work is quadratic.
_GROWN: Final = 2.2
_LEADS: Final = 4
_LONG: Final = 160


class Growth(NamedTuple):
    """The worst text of an expression: what leads in, what is repeated, what ends it, and the steps of 12, 24 and 48 repeats."""

    lead: str
    pump: str
    tail: str
    steps: tuple[int, ...]

    def text(self, times: int) -> str:
        """Return the text with so many repeats."""
        return self.lead + self.pump * times + self.tail


def sample(items: list[tuple[Any, Any]], counter: Counter, shift: int = 0) -> str:
    """Return a short text that an expression's parts fit, look-arounds aside."""
    return "".join(_sample(op, value, counter, shift) for op, value in items)


def _sample(op: Any, value: Any, counter: Counter, shift: int) -> str:
    if op is codes.LITERAL:
        return chr(value)
    if op in {codes.NOT_LITERAL, codes.IN, codes.ANY, codes.ANY_ALL}:
        fits = counter._fits(op, value)
        fitting = [character for character in _CHARACTERS if fits(character)]
        if not fitting and op is codes.IN:
            fitting = [
                chr(entry if kind is codes.LITERAL else entry[0])
                for kind, entry in value
                if kind in {codes.LITERAL, codes.RANGE}
            ]
        return fitting[shift % len(fitting)] if fitting else ""
    if op in REPEATS:
        return sample(value[2].data, counter, shift) * max(min(value[0], 8), 1 if shift else 0)
    if op is codes.SUBPATTERN:
        return sample(value[3].data, counter, shift)
    if op is codes.ATOMIC_GROUP:
        return sample(value.data, counter, shift)
    if op is codes.BRANCH:
        return sample(value[1][shift % len(value[1])].data, counter, shift)
    return ""


def _parts(op: Any, value: Any) -> list[list[tuple[Any, Any]]]:
    """Return the sequences that an operation of the parser holds."""
    if op in REPEATS:
        return [value[2].data]
    if op in {codes.SUBPATTERN, codes.ATOMIC_GROUP}:
        return [(value[3] if op is codes.SUBPATTERN else value).data]
    if op in {codes.ASSERT, codes.ASSERT_NOT}:
        return [value[1].data]
    if op in {codes.BRANCH, codes.GROUPREF_EXISTS}:
        return [part.data for part in (value[1] if op is codes.BRANCH else value[1:]) if part is not None]
    return []


def repeats(items: list[tuple[Any, Any]], counter: Counter, lead: str = "") -> Iterator[tuple[str, str]]:
    """Yield what leads to each endless repeat of an expression, and texts that it repeats."""
    for op, value in items:
        if op in REPEATS and value[1] > ENDLESS:
            for shift in (0, 1, 2):
                yield lead, sample(value[2].data, counter, shift)
        for part in _parts(op, value):
            yield from repeats(part, counter, lead)
        lead += _sample(op, value, counter, 1)


def _characters(counter: Counter) -> list[str]:
    """Return one character of each kind that the expression tells apart: of those that expressions name, and of its own."""
    atoms = [entry for entry in _operations(counter.tree.data) if entry[0] in ONE_CHARACTER]
    own = [chr(code) for op, value in atoms for code in _codes(op, value)]
    fits = [counter._fits(*atom) for atom in atoms]
    kinds: dict[tuple[bool, ...], str] = {}
    for character in (*_CHARACTERS, *own):
        kinds.setdefault((*(fit(character) for fit in fits), character.isalnum(), character == "\n"), character)
    return list(kinds.values())


def _operations(items: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield every operation of an expression, those inside of others too."""
    for op, value in items:
        yield op, value
        for part in _parts(op, value):
            yield from _operations(part)


def _codes(op: Any, value: Any) -> Iterator[int]:
    if op in {codes.LITERAL, codes.NOT_LITERAL}:
        yield value
    elif op is codes.IN:
        for kind, entry in value:
            if kind in {codes.LITERAL, codes.RANGE}:
                yield entry if kind is codes.LITERAL else entry[0]


def attacks(counter: Counter) -> Iterator[tuple[str, str]]:
    """Yield leads and what is repeated behind each; none twice."""
    items = counter.tree.data
    known: dict[tuple[str, str], None] = {}
    for lead, pump in repeats(items, counter):
        for entry in ((lead, pump), ("", pump), ("", lead + pump), ("", lead), (lead, lead + pump)):
            known.setdefault(entry)
    for shift in (0, 1):
        known.setdefault(("", sample(items, counter, shift)))
    leads = list(dict.fromkeys(lead for lead, _ in known))[:_LEADS]
    kinds = _characters(counter)
    for character in kinds:
        for lead in leads:
            known.setdefault((lead, character))
    if any(op in {codes.AT, codes.ASSERT, codes.ASSERT_NOT} for op, _ in _operations(items)):
        words, others = [kind for kind in kinds if kind.isalnum()], [kind for kind in kinds if not kind.isalnum()]
        for first, second in product(words[:2], others[:6]):
            known.setdefault(("", first + second))
    yield from (entry for entry in known if entry[1] and len(entry[1]) <= _LONG)


def growth(pattern: str | bytes, flags: int, *, search: bool) -> Growth | None:
    """Return the first text that costs more a character the longer it is; None where no attack does, and where no repeat is endless."""
    parts = Counter(pattern, flags).alternatives()
    return next((found for counter in parts if (found := _growth(counter, search=search))), None)


def _growth(counter: Counter, *, search: bool) -> Growth | None:
    if not any(True for _ in repeats(counter.tree.data, counter)):
        return None
    for lead, pump in attacks(counter):
        for tail in _TAILS:
            found = Growth(lead, pump, tail, ())
            steps = [counter.count(found.text(times), search=search) for times in _TIMES]
            if steps[-1] >= MOST_STEPS:  # the count has ended: tell a steep line from a curve by shorter texts
                steps = [counter.count(found.text(times), search=search) for times in (3, 6, 12)]
            if steps[2] - steps[1] > _GROWN * (steps[1] - steps[0]) + 2 or steps[-1] >= MOST_STEPS:
                return found._replace(steps=tuple(steps))
    return None
