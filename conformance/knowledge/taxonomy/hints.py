"""Rate-limit and retry hints, in every form that providers use, as one value in seconds. Hostile ones are problems, never errors.

Sources: RFC 9110 10.2.3 (Retry-After), draft-ietf-httpapi-ratelimit-headers (RateLimit, RateLimit-Policy; drafts up to 06 had three
fields), google.rpc.RetryInfo, and the headers of the providers' TOMLs (all read 2026-11-21).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.knowledge.taxonomy.instants import parse_instant, parse_number, parse_wait
from conformance.knowledge.taxonomy.structured import parse_members
from conformance.wire.dialects.reading import is_failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from conformance.wire.exchange import Response

#: wait: when to come back. limit, remaining, reset: of one window. policy: a whole member of a structured field.
Kind: TypeAlias = Literal["wait", "limit", "remaining", "reset", "policy"]

_WAITS: Final = {"retry-after": 1.0, "retry-after-ms": 1e-3, "x-ms-retry-after-ms": 1e-3, "x-retry-after": 1.0}
#: Spellings of one thing: x-ratelimit-reset-tokens, ratelimit-reset, anthropic-ratelimit-tokens-reset, and a gateway's prefix to them.
_FAMILY = re.compile(
    r"(?:\w+-)?(?:x-)?rate-?limit(?:by\w+)?-(?P<a>limit|remaining|reset|renewalperiod)(?:-(?P<what>[\w-]+))?"
    r"|\w+-(?:ratelimit|priority|fast)-(?P<of>[\w-]+)-(?P<b>limit|remaining|reset)"
    r"|x-ratelimit-(?P<limited>requests|tokens)"
)
_TIMES: Final = frozenset({"reset", "renewalperiod"})
_POLICIES: Final = frozenset({"ratelimit", "ratelimit-policy"})
#: What recorders write over a value that they keep to themselves.
_WITHHELD = re.compile(
    r"|[\W_]*(redacted|scrubbed|filtered|masked|hidden)[\W_]*|<[\w -]+>|\*+|[\w-]*-?xxx+", re.IGNORECASE
)
_TRY_AGAIN = re.compile(
    r"\b(?:try(?:ing)? again|retry(?:ing)?|wait|come back|available again|resets?)\b[^.\d]{0,40}?(?<![\w-])"
    r"(?P<wait>\d[\d.]*(?:ns|[u\u00b5\u03bcm]s|[smhd])(?:\d[\d.]*(?:ns|[u\u00b5\u03bcm]s|[smhd]))*(?![a-z])"
    r"|\d[\d.]* ?(?:milliseconds?|seconds?|secs?|minutes?|mins?|hours?|days?))\b",
    re.IGNORECASE,
)
_BODY_WAITS: Final = {
    "retrydelay": 1.0,
    "retry_after": 1.0,
    "retryafter": 1.0,
    "retry_after_seconds": 1.0,
    "retry_after_ms": 1e-3,
}
_PROSE: Final = ("message", "detail", "msg", "error", "raw")
#: Above it a double no longer holds every whole number, and most JSON readers lose the last digits (RFC 8259 6).
_LARGEST = 2**53
_FARTHEST = 400 * 86400.0  # seconds; the longest window that is sold is a year
_DEEPEST, _MOST = 6, 60  # levels and objects of a body that are looked at


@dataclass(frozen=True)
class Hint:
    """One statement of an answer about its limits. `problem` names the defect; None for a sound statement.

    `seconds` counts from the answer, and is not negative. It is infinite where a wait never ends, and None where none is stated or
    the answer's own time is not known. `limit` and `remaining` are counts of `what`. `source_header` is empty for the body.
    """

    kind: Kind
    seconds: float | None
    limit: float | None
    remaining: float | None
    source_header: str
    raw: str
    what: str = ""
    problem: str | None = None


def hints_of(response: Response, now: datetime | None = None) -> tuple[Hint, ...]:
    """Return every hint of a response: its headers', then those of an error's body. `now` is when it came; else its Date says so."""
    moment = now or parse_instant(response.headers.get("date", ""))
    hints = [*header_hints(response.headers, moment)]
    if response.status is not None and is_failure(response.status):
        hints += _body_hints(response.document.value, moment)
    return tuple(hints)


def header_hints(headers: Mapping[str, str], now: datetime | None = None) -> Iterator[Hint]:
    """Yield the hints of headers; names are in lower case. A value that a recorder withheld is none."""
    for name, value in headers.items():
        if not _speaks_of_limits(name) or (_WITHHELD.fullmatch(value.strip()) and name != "retry-after"):
            continue
        if name in _WAITS:
            yield _wait(name, value, _WAITS[name], now)
        elif name in _POLICIES:
            yield from _policy(name, value)
        elif match := _FAMILY.fullmatch(name):
            kind = match["a"] or match["b"] or "limit"
            what = match["what"] or match["of"] or match["limited"] or "requests"
            yield _reset(name, value, what, now) if kind in _TIMES else _count(name, value, kind, what)


@lru_cache(maxsize=4096)
def _speaks_of_limits(name: str) -> bool:
    """Return whether a header is a hint by its name: there are few names, and most are none."""
    return name in _WAITS or name in _POLICIES or _FAMILY.fullmatch(name) is not None


def longest_wait(hints: Iterable[Hint]) -> float | None:
    """Return the longest wait that an answer asks for, in seconds; None where it states none that can be read."""
    return max((hint.seconds for hint in hints if hint.kind == "wait" and hint.seconds is not None), default=None)


def _wait(source: str, value: str, scale: float, now: datetime | None, raw: str | None = None) -> Hint:
    read = parse_wait(value, now)
    shown = value if raw is None else raw
    if read is None:
        return Hint("wait", None, None, None, source, shown, problem="no wait that is known to be written so")
    seconds = read.seconds if read.dated or read.seconds is None else read.seconds * scale
    return Hint("wait", _counted(seconds), None, None, source, shown, problem=_wrong(seconds, dated=read.dated))


def _reset(name: str, value: str, what: str, now: datetime | None) -> Hint:
    read = parse_wait(value, now)
    if read is None:
        return Hint("reset", None, None, None, name, value, what, "neither a duration nor an instant")
    problem = _wrong(read.seconds, dated=read.dated)
    return Hint("reset", _counted(read.seconds), None, None, name, value, what, problem)


def _count(name: str, value: str, kind: str, what: str) -> Hint:
    number = parse_number(value.partition(",")[0].partition(";")[0].strip())  # drafts up to 06: `100, 100;w=60`
    problem = "no number" if number is None else _miscounted(number)
    sound = number if problem is None else None
    if kind == "limit":
        return Hint("limit", None, sound, None, name, value, what, problem)
    return Hint("remaining", None, None, sound, name, value, what, problem)


def _policy(name: str, value: str) -> Iterator[Hint]:
    """Read RateLimit and RateLimit-Policy: q is a quota, w its window, r the remainder, t the seconds until the quota grows."""
    members = parse_members(value)
    if not members:
        yield Hint("policy", None, None, None, name, value, problem="no structured field (RFC 9651)")
    for member in members or ():
        numbers = {
            key: float(item)
            for key, item in member.items()
            if isinstance(item, int | float) and not isinstance(item, bool)
        }
        seconds = next((numbers[key] for key in ("t", "w", "reset") if key in numbers), None)
        quota, left = numbers.get("q", numbers.get("limit")), numbers.get("r", numbers.get("remaining"))
        problem = next(
            (wrong for quantity in (quota, left) if quantity is not None and (wrong := _miscounted(quantity))), None
        )
        what = str(member.get("qu") or member.get("") or "")
        problem = problem or (_wrong(seconds, dated=False) if seconds is not None else None)
        if not numbers:
            problem = "names no number"
        yield Hint("policy", _counted(seconds), quota, left, name, value, what, problem)


def _counted(seconds: float | None) -> float | None:
    """Return a wait as a client counts it: a past instant is 0, a value that is no number is None."""
    return None if seconds is None or math.isnan(seconds) else max(seconds, 0.0)


def _wrong(seconds: float | None, *, dated: bool) -> str | None:
    if seconds is None:
        return None
    if math.isnan(seconds):
        return "no number"
    if seconds < 0 and not dated:  # a date may well be past: clocks differ, and answers travel
        return "negative"
    return f"more than {_FARTHEST / 86400:.0f} days away" if abs(seconds) > _FARTHEST else None


def _miscounted(number: float) -> str | None:
    if math.isnan(number):
        return "no number"
    if number < 0:
        return "negative"
    return "no count: larger than 2**53, as a 64-bit integer that ran over" if number >= _LARGEST else None


def _body_hints(value: Any, now: datetime | None) -> Iterator[Hint]:  # noqa: ANN401 - any JSON
    level, looked = [value], 0
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for node in level:
            looked += 1
            if looked > _MOST:
                return
            if isinstance(node, dict):
                yield from _stated(node, now)
                below += [item for item in node.values() if isinstance(item, dict | list)]
            elif isinstance(node, list):
                below += [item for item in node if isinstance(item, dict | list)]
        level = below


def _stated(node: dict[str, Any], now: datetime | None) -> Iterator[Hint]:
    """Read one object: members that state a wait, headers that it quotes, and prose."""
    quoted = {str(key).lower(): str(item) for key, item in node.items() if isinstance(item, str | int | float)}
    for name, value in quoted.items():
        if name in _BODY_WAITS:
            yield _wait("", value, _BODY_WAITS[name], now, raw=f"{name}: {value}")
    if isinstance(node.get("headers"), dict):
        inner = {str(key).lower(): str(item) for key, item in node["headers"].items()}
        yield from header_hints(inner, now)
    for name in _PROSE:
        match = _TRY_AGAIN.search(node[name][:2000]) if isinstance(node.get(name), str) else None
        if match:
            yield _wait("", match["wait"], 1.0, now, raw=match[0])
