"""Response headers: what the TOML lists, rate limits in the provider's units, and the one that says who answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from conformance.emulator.dress.templates import ABSENT
from conformance.wire.exchange import EVIDENCE_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.providers import Unit

_MINUTE: Final = 60
_DAY: Final = 86_400
#: Where the TOML states no limit: counts a minute that no test of one client meets.
_LIMITS: Final = {"requests": 1_000, "tokens": 250_000}
_TOO_MANY: Final = 429


def headers_of(context: AnswerContext, content_type: str, status: int, *, tokens: int | None = None) -> dict[str, str]:
    """Return the headers of an answer.

    Args:
        context: the answer that they belong to.
        content_type: of its body; empty for none.
        status: of the answer: only a 429 says when to try again.
        tokens: that the request took; None for an answer that is not metered.
    """
    filled = {name: context.fill(template) for name, template in context.wire.headers.items()}
    headers = {"content-type": content_type} if content_type else {}
    headers |= {name: str(value) for name, value in filled.items() if value is not ABSENT and value is not None}
    if tokens is not None and context.allowance is not None:  # here an answer's tokens are first known
        context.allowance.spend("tokens", tokens, context.now)
    if tokens is not None or status == _TOO_MANY:
        headers |= _rate_limits(context, tokens or 0, retry=status == _TOO_MANY)
    return {**headers, EVIDENCE_HEADER: "emulated"}


def _rate_limits(context: AnswerContext, tokens: int, *, retry: bool) -> dict[str, str]:
    provider = context.target.provider
    return {
        name: _from_allowance(context, name, unit) or _rate_limit(name, unit, provider.limits, tokens, context.now)
        for name, unit in provider.rate_limit.items()
        if retry or name != "retry-after"
    }


def _from_allowance(context: AnswerContext, name: str, unit: Unit) -> str | None:
    """Return a header's value from a limit that runs down; None where the server has none of that kind."""
    if context.allowance is None:
        return None
    states = {what: context.allowance.state(what, context.now) for what in ("requests", "tokens")}
    if name == "retry-after":
        waits = [state[3] for state in states.values() if state is not None]
        return _span(max(waits), unit, context.now) if waits else None
    state = states["tokens" if "token" in name else "requests"]
    if state is None:
        return None
    most, left, whole, _ = state
    if unit == "none":
        return str(most - left if "used" in name else left if "remaining" in name else most)
    return _span(whole, unit, context.now)


def _rate_limit(name: str, unit: Unit, limits: Mapping[str, int], tokens: int, now: float) -> str:
    what = "tokens" if "token" in name else "requests"
    window = _DAY if f"{what}_per_minute" not in limits and f"{what}_per_day" in limits else _MINUTE
    window = _DAY if "day" in name else _MINUTE if "min" in name else window
    per = "day" if window == _DAY else "minute"
    limit = limits.get(f"{what}_per_{per}", _LIMITS[what] * window // _MINUTE)
    used = tokens if what == "tokens" else 1
    if unit == "none":
        return str(used if "used" in name else limit - used if "remaining" in name else limit)
    return _span(used * window / limit, unit, now)


def _span(seconds: float, unit: Unit, now: float) -> str:
    """Return a time from now in the provider's unit; whole seconds round up, so that nobody comes too early."""
    if unit == "seconds-int":
        return str(int(-(-seconds // 1)))
    if unit == "seconds-float":
        return f"{seconds:.3f}"
    if unit == "rfc3339":
        return (datetime.fromtimestamp(now, UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return go_duration(seconds)


def go_duration(seconds: float) -> str:
    """Return a duration as Go prints it: `6m0s`, `2m59.56s`, `7.66s`, `12ms` (https://pkg.go.dev/time#Duration.String)."""
    if seconds < 1:
        return f"{max(round(seconds * 1000), 1)}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    tail = f"{rest:.3f}".rstrip("0").rstrip(".") + "s"
    return (f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else "") + tail
