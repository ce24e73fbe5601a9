"""What a text repeats: the passage that its end is made of, or the few characters that most of it is."""

from __future__ import annotations

import re

_STUTTER = re.compile(r"(\S{1,5}?)\1{40,}")
_STUTTERS = 41  # characters: a shorter text cannot stutter
_LONGEST = 804  # characters of a text that holds the shortest long passage four times
_TAIL = 2000  # characters that are looked at, so that a long answer costs no more than a short one
_FILLED = 400  # characters that a passage must fill: shorter texts may be lists
_ENDING = 16  # characters at the end that stand once more where the last passage began
_BLANK = re.compile(r"(?<![\s\u200b\u2060\ufeff])[\s\u200b\u2060\ufeff]{100,}+\Z")
_BLANK_END = re.compile(r"[\s\u200b\u2060\ufeff]{100}")  # what the last one asks of the end, which nearly no text has
_NUMBER = re.compile(r"\d+")
_FEWEST_LETTERS = 20  # of a line that a number alone tells from the next
#: Passages that are looked for: their length, how often they must stand there, and over how many characters of the end.
_SHORT, _LONG = (range(6, 201), 8, 2000), (range(201, 1001), 4, 6000)


def repeated_unit(text: str, *, cut: bool = False) -> str | None:
    """Return the passage that a text ends in repeating, or the few characters that it mostly consists of; else None."""
    if len(text) < _STUTTERS:
        return None
    blank = _BLANK.search(text) if _BLANK_END.fullmatch(text[-100:]) else None
    if blank is not None:
        return blank[0][:4]
    tail = text[-_TAIL:]
    match = _STUTTER.search(tail) if _is_monotonous(tail) else None
    if match is not None and 2 * len(match[0]) > len(tail):
        return match[1]
    unit = _last_passage(tail.rstrip())
    if unit is None and len(text) >= _LONGEST:
        unit = _last_passage(text[-_LONG[2] :].rstrip(), *_LONG[:2])
    if unit is not None and len({char for char in unit if char.isalpha()}) >= 3:  # noqa: PLR2004
        return unit
    lines = _last_passage(_NUMBER.sub("0", tail).rstrip()) if cut else None
    return lines if lines is not None and sum(char.isalpha() for char in lines) >= _FEWEST_LETTERS else None


def _is_monotonous(tail: str) -> bool:
    """Whether 20 characters beside the middle are of 5 kinds at most: what fills more than half of a text does so."""
    middle = len(tail) // 2
    return any(len(set(part)) <= 5 for part in (tail[max(0, middle - 20) : middle], tail[middle : middle + 20]))  # noqa: PLR2004


def _last_passage(tail: str, periods: range = _SHORT[0], fewest: int = _SHORT[1]) -> str | None:
    """Return the passage of 6 to 200 characters, or of other `periods`, that fills the end of a text eight times over or more.

    A text repeats with a period where it equals itself shifted by it: one comparison for each place where its ending stands before.
    A regular expression with a back-reference took 7 ms a text.
    """
    if len(tail) < _FILLED:
        return None
    ending, last = tail[-_ENDING:], len(tail) - _ENDING
    at = tail.rfind(ending, max(last - periods[-1], 0), last - periods[0] + _ENDING)
    while at >= 0:  # where the ending stands before, as far away as it repeats
        period = last - at
        filled = max(_FILLED, 2 * period)
        if len(tail) >= filled and tail[-filled:-period] == tail[period - filled :]:
            start = len(tail) - filled
            while start and tail[start - 1] == tail[start - 1 + period]:
                start -= 1
            times = (len(tail) - start) // period
            if times >= fewest and times * period >= _FILLED:
                return tail[start : start + period]
        at = tail.rfind(ending, max(last - periods[-1], 0), at + _ENDING - 1)
    return None
