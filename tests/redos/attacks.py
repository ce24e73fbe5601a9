"""Texts that an expression may take long for: made of the expression itself, what it repeats and what leads there."""

from __future__ import annotations

import re._constants as codes  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.redos.counted import REPEATS, Counter

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters of the classes that expressions name.
_CHARACTERS: Final = " a0\n\"'\\</>.-_:=A,{}[]()`%;&?#@+*|~\t\ré\x00"
_TAILS: Final = ("\x00", "\n\x01!")
_SHORT, _LONG = 40, 160
#: Steps a character below which a text of 40 characters shows no growth.
_QUIET: Final = 9
_GROWN: Final = 3.0
_SIZE: Final = 12


class Growth(NamedTuple):
    """The worst text of an expression: what leads in, what is repeated, and how many steps 80 and 160 repeats take."""

    lead: str
    pump: str
    tail: str
    short: int
    long: int

    @property
    def exponent(self) -> float:
        """How many times the steps of twice the text are those of the text."""
        return self.long / max(self.short, 1)


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


def repeats(items: list[tuple[Any, Any]], counter: Counter, lead: str = "") -> Iterator[tuple[str, str]]:
    """Yield what leads to each repeat of an expression, and two texts that it repeats."""
    for op, value in items:
        if op in REPEATS:
            for shift in (0, 1, 2):
                yield lead, sample(value[2].data, counter, shift)
            yield from repeats(value[2].data, counter, lead)
        elif op is codes.SUBPATTERN:
            yield from repeats(value[3].data, counter, lead)
        elif op is codes.ATOMIC_GROUP:
            yield from repeats(value.data, counter, lead)
        elif op is codes.BRANCH:
            for branch in value[1][:_SIZE]:
                yield from repeats(branch.data, counter, lead)
        elif op in {codes.ASSERT, codes.ASSERT_NOT}:
            yield from repeats(value[1].data, counter, lead)
        lead += _sample(op, value, counter, 1)


def attacks(counter: Counter) -> Iterator[tuple[str, str]]:
    """Yield leads and what is repeated behind each; none twice."""
    items = counter.tree.data
    known: dict[tuple[str, str], None] = {}
    for lead, pump in repeats(items, counter):
        for entry in ((lead, pump), ("", pump), ("", lead + pump), ("", lead), (lead, lead + pump)):
            known.setdefault(entry)
    for shift in (0, 1):
        known.setdefault(("", sample(items, counter, shift)))
    leads = list(dict.fromkeys(lead for lead, _ in known))[:4]
    for character in _CHARACTERS:
        for lead in leads:
            known.setdefault((lead, character))
    yield from (entry for entry in known if entry[1] and len(entry[1]) <= _LONG)


def growth(pattern: str | bytes, flags: int, *, search: bool, quick: bool = False) -> Growth | None:
    """Return the first text whose double takes more than three times the steps; None where no attack does."""
    counter = Counter(pattern, flags)
    if not any(True for _ in repeats(counter.tree.data, counter)):
        return None
    for lead, pump in attacks(counter):
        for tail in _TAILS[:1] if quick else _TAILS:
            times = max(_SHORT // len(pump), 6)
            text = lead + pump * times + tail
            if counter.count(text, search=search) <= _QUIET * len(text):
                continue
            short, long = (counter.count(lead + pump * (times * factor) + tail, search=search) for factor in (2, 4))
            if long > _GROWN * short or long >= 1_000_000:
                return Growth(lead, pump, tail, short, long)
    return None
