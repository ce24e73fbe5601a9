"""Reading JSON that may have any shape: what is not of the wanted type counts as empty."""

from __future__ import annotations

from typing import Any


def table(value: object) -> dict[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, or none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
