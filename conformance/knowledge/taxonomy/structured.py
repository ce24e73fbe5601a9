"""The structured fields that rate limits use: a list of items with parameters, or a dictionary of numbers.

Source: RFC 9651 3.1 and 3.2 (read 2026-11-21). http-sf parses; inner lists are left out, for no field here has them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, TypeAlias

Bare: TypeAlias = str | int | float | bool
#: A member's parameters by name; its own value stands under the empty name.
Member: TypeAlias = dict[str, Bare]

#: Characters of a field that are read: the longest field in recorded traffic has 300.
_LONGEST: Final = 4000


def parse_members(text: str) -> list[Member] | None:
    """Return the members of a list, or a dictionary as one member; None where the text is neither. Never raises."""
    try:
        field = text.strip()[:_LONGEST].encode("ascii")
    except UnicodeEncodeError:
        return None
    items = _parsed(field, "list")
    if items:
        return [{"": _bare(item[0]), **_bare_values(item[1])} for item in items if not isinstance(item[0], list)]
    members = _parsed(field, "dictionary")
    return [_bare_values({name: value for name, (value, _) in members.items()})] if members else None


def _parsed(field: bytes, kind: str) -> Any:  # noqa: ANN401 - a list or a dictionary, as `kind` says
    import http_sf  # noqa: PLC0415 - few answers carry such a field

    try:
        return http_sf.parse(field, tltype=kind)
    except (http_sf.StructuredFieldError, ValueError, OverflowError):  # a date beyond the calendar is one of the latter
        return None


def _bare_values(values: dict[str, Any]) -> dict[str, Bare]:
    return {name: _bare(value) for name, value in values.items() if not isinstance(value, list)}


def _bare(value: Any) -> Bare:  # noqa: ANN401 - any bare item of http-sf
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int) else str(value)
