"""A string that a regular expression matches, drawn from a seeded generator.

rstr 3.2.2 and exrex 0.12.0 (both read 2026-11-21) do the same, but not repeatably: the first iterates over a set of strings, the
second draws from the global generator. Look-aheads and back-references are drawn as best they can be; callers validate.
"""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found, unused-ignore] # the only parser of this syntax there is
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

_REPEATS = 4  # more than this is drawn only where the expression demands it
_LONGEST = 20_000  # characters
_PLAIN = ascii_letters + digits
_CATEGORIES = {
    "CATEGORY_DIGIT": digits,
    "CATEGORY_NOT_DIGIT": ascii_letters,
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": _PLAIN,
    "CATEGORY_WORD": _PLAIN,
    "CATEGORY_NOT_WORD": " -.",
}
_PRINTABLE = _PLAIN + " -_.,:;!?'\"()[]{}<>/\\@#$%^&*+=~`|"


def matching(pattern: str, rng: Random) -> str:
    """Return a string that the pattern finds a match in.

    Raises:
        re.error: the pattern is none, or asks for a longer string than anybody reads.
    """
    return _Drawn(rng).sequence(parser.parse(pattern))


class _Drawn:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.groups: dict[int, str] = {}

    def sequence(self, parsed: Any) -> str:  # noqa: ANN401 - the parser's own types
        return "".join(self.one(str(operator), value) for operator, value in parsed)

    def one(self, operator: str, value: Any) -> str:  # noqa: ANN401, C901, PLR0911 - one case an operator
        match operator:
            case "LITERAL":
                return chr(value)
            case "NOT_LITERAL":
                return self.rng.choice([char for char in _PLAIN if ord(char) != value])
            case "ANY":
                return self.rng.choice(_PLAIN)
            case "IN":
                return self.rng.choice(_class(value))
            case "BRANCH":
                return self.sequence(self.rng.choice(value[1]))
            case "SUBPATTERN":
                drawn = self.sequence(value[-1])
                if value[0] is not None:
                    self.groups[value[0]] = drawn
                return drawn
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, repeated = value
                times = self.rng.randint(least, max(least, min(int(most), max(least, _REPEATS))))
                return self.repeated(repeated, times)
            case "ATOMIC_GROUP":
                return self.sequence(value)
            case "GROUPREF":
                return self.groups.get(value, "")
            case _:  # anchors and look-arounds take no room
                return ""

    def repeated(self, parsed: Any, times: int) -> str:  # noqa: ANN401 - the parser's own types
        """Return that many draws in a row.

        Raises:
            re.error: they are too long: counts within counts grow without bounds.
        """
        drawn = ""
        for _ in range(times):
            drawn += self.sequence(parsed)
            if len(drawn) > _LONGEST:
                raise re.error(f"it asks for more than {_LONGEST} characters")
        return drawn


def _class(members: Any) -> list[str]:  # noqa: ANN401 - the parser's own types
    negated = str(members[0][0]) == "NEGATE"
    named: list[str] = []
    for operator, value in members[negated:]:
        match str(operator):
            case "LITERAL":
                named.append(chr(value))
            case "RANGE":
                named += [chr(code) for code in range(value[0], min(value[1], value[0] + 511) + 1)]
            case "CATEGORY":
                named += _CATEGORIES[str(value)]
    return [char for char in _PRINTABLE if char not in named] or ["\u00e9"] if negated else named
