"""Templates filled in: `{hex:10}` drawn from a seeded generator, `{model}` taken from what is known of the answer."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from conformance.providers.templates import Placeholder, parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

#: What `{absent}` becomes: the member goes. `merged` and `without_absent` leave none behind.
ABSENT: Final = object()
_ALPHABETS: Final = {
    "hex": "0123456789abcdef",
    "alnum": string.ascii_letters + string.digits,
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
}


def filled(value: Any, scope: Mapping[str, Any], rng: Random) -> Any:  # noqa: ANN401 - any JSON
    """Return a value with every template in it filled in; `{absent}` becomes ABSENT.

    Args:
        value: strings are templates, lists and tables are walked.
        scope: what placeholders stand for here; one that is not known here is null.
        rng: where the drawn ones come from.
    """
    if isinstance(value, dict):
        return {key: filled(item, scope, rng) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, scope, rng) for item in value]
    if not isinstance(value, str):
        return value
    outcome = parts(value)
    if len(outcome) == 1 and isinstance(outcome[0], Placeholder):
        return _drawn(outcome[0], scope, rng)
    return "".join(entry if isinstance(entry, str) else _text(_drawn(entry, scope, rng)) for entry in outcome)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `over` merged into `base`: tables merge, everything else is replaced, and what is ABSENT goes."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if value is ABSENT:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(below, dict):
            result[key] = merged(below, value)
        else:
            result[key] = without_absent(value)
    return result


def without_absent(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a filled value without its ABSENT members."""
    if isinstance(value, dict):
        return {key: without_absent(item) for key, item in value.items() if item is not ABSENT}
    if isinstance(value, list):
        return [without_absent(item) for item in value if item is not ABSENT]
    return value


def moment(now: float) -> dict[str, Any]:
    """Return the placeholders of one moment, given in Unix seconds."""
    at = datetime.fromtimestamp(now, UTC)
    return {
        "now": int(now),
        "now_ms": int(now * 1000),
        "now_float": round(now, 6),
        "iso": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "http_date": format_datetime(at, usegmt=True),
    }


def _drawn(placeholder: Placeholder, scope: Mapping[str, Any], rng: Random) -> Any:  # noqa: ANN401 - any JSON
    name, argument = placeholder
    if name in _ALPHABETS and argument:
        return "".join(rng.choices(_ALPHABETS[name], k=int(argument)))
    if name == "int":
        low, _, high = argument.partition("..")
        return rng.randint(int(low), int(high))
    if name == "float":
        low, _, high = argument.partition("..")
        return round(rng.uniform(float(low), float(high)), 9)
    if name == "pick":
        return rng.choice(argument.split("|"))
    if name == "uuid":
        return str(UUID(int=rng.getrandbits(128), version=4))
    return ABSENT if name == "absent" else scope.get(name)


def _text(value: object) -> str:
    return "" if value is None or value is ABSENT else str(value)
