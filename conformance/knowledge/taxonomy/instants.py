"""Waits as providers write them, read into seconds: numbers, dates, Go and ISO 8601 durations. Nothing here raises."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

#: Seconds of each unit of Go's time.Duration.String (https://pkg.go.dev/time#ParseDuration, read 2026-11-21), and of prose.
_UNITS: Final = {
    "ns": 1e-9,
    "us": 1e-6,
    "\u00b5s": 1e-6,
    "\u03bcs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
}
_WORDS: Final = {
    "millisecond": 1e-3,
    "second": 1.0,
    "sec": 1.0,
    "minute": 60.0,
    "min": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
}
_GO_PART = re.compile(r"(\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d)")
_GO = re.compile(rf"[+-]?(?:{_GO_PART.pattern})+")
_ISO_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<w>\d{1,9})W)?(?:(?P<d>\d{1,9})D)?"
    r"(?:T(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,9}(?:[.,]\d{1,9})?)S)?)?",
    re.IGNORECASE,
)
_ISO_UNITS = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_NUMBER = re.compile(
    r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,4})?|[+-]?(nan|inf(inity)?)", re.IGNORECASE
)
#: The three forms of RFC 9110 5.6.7 (read 2026-11-21); the zone is not always the GMT that it should be.
_HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [A-Z+-]\w+"
    r"|[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}"
)
_ISO_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.IGNORECASE)
_PROSE = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|seconds?|secs?|minutes?|mins?|hours?|days?)\b", re.IGNORECASE
)
#: A number from here on is a date: no wait is 31 years long. Milliseconds begin where seconds would be in the year 5138.
_EPOCH_SECONDS = 1e9
_EPOCH_MILLISECONDS = 1e11
_EPOCH_MICROSECONDS = 1e14


class Wait(NamedTuple):
    """A wait in seconds from now, negative for an instant in the past; `dated` says that it was written as an instant.

    None for an instant without a known time of the answer.
    """

    seconds: float | None
    dated: bool = False


def parse_wait(text: str, now: datetime | None = None) -> Wait | None:
    """Return the wait that a text in one of the known forms states; None for any other text. `now` is the time of the answer."""
    text = text.strip().strip('"')
    number = parse_number(text)
    if number is not None:
        return _from_number(number, now)
    for read in (parse_go_duration, parse_iso_duration, _parse_words):
        seconds = read(text)
        if seconds is not None:
            return Wait(seconds)
    instant = parse_instant(text)
    return Wait(_until(instant, now), dated=True) if instant is not None else None


def parse_number(text: str) -> float | None:
    """Return a decimal number, NaN and infinity included; None for any other text."""
    return float(text) if _NUMBER.fullmatch(text) else None


def parse_go_duration(text: str) -> float | None:
    """Return the seconds of a Go duration such as `1h2m3s`, `7.66s` or `172ms`; None for any other text."""
    if not _GO.fullmatch(text):
        return None
    total = math.fsum(float(number) * _UNITS[unit] for number, unit in _GO_PART.findall(text))
    return -total if text.startswith("-") else total


def parse_iso_duration(text: str) -> float | None:
    """Return the seconds of an ISO 8601 duration such as `PT1H2M3.5S`, years and months excepted; None for any other text."""
    match = _ISO_DURATION.fullmatch(text)
    if match is None:
        return None
    parts = {unit: match[unit] for unit in _ISO_UNITS if match[unit] is not None}
    if not parts:
        return None
    total = math.fsum(float(number.replace(",", ".")) * _ISO_UNITS[unit] for unit, number in parts.items())
    return -total if match["sign"] else total


def parse_instant(text: str) -> datetime | None:
    """Return the instant that an HTTP-date or an RFC 3339 timestamp names; None for any other text."""
    try:
        if _HTTP_DATE.fullmatch(text):
            moment = parsedate_to_datetime(text)
        elif _ISO_INSTANT.fullmatch(text):
            moment = datetime.fromisoformat(text)
        else:
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _parse_words(text: str) -> float | None:
    match = _PROSE.fullmatch(text)
    return float(match[1]) * _WORDS[match[2].lower().removesuffix("s")] if match else None


def _from_number(number: float, now: datetime | None) -> Wait:
    if not _EPOCH_SECONDS <= number < _EPOCH_MICROSECONDS:
        return Wait(number)
    seconds = number / 1000 if number >= _EPOCH_MILLISECONDS else number
    return Wait(_until(datetime.fromtimestamp(seconds, UTC), now), dated=True)


def _until(instant: datetime, now: datetime | None) -> float | None:
    if now is None:
        return None
    try:
        return (instant - now).total_seconds()
    except OverflowError:
        return None
