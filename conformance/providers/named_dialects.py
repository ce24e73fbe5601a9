"""The dialects that a TOML may name, as its schema lists them."""

from __future__ import annotations

from conformance.schemas import load_schema


def dialect_names() -> tuple[str, ...]:
    """Return the dialects that a TOML may name."""
    return tuple(load_schema("provider")["$defs"]["dialect"]["enum"])
