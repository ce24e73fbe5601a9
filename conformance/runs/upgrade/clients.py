"""Which clients of the client matrix a break of a rule hits (clients_hit.json, drawn from docs/clients.md)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def clients_hit(rule: str) -> Mapping[str, str]:
    """Return what each client makes of a break of a rule: silent, raises or hangs. One that is missing survives, or was not tried."""
    hit: Mapping[str, str] = _table()["rules"].get(rule, {})
    return hit


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("clients_hit.json").read_text("utf-8"))
    return table
