"""Expressions that may be superlinear and stay: what bounds their input, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.redos.listed import Listed

#: By the file, and the beginning of the expression.
REASONS: Final[dict[tuple[str, str], str]] = {}


def reason(entry: Listed) -> str | None:
    """Return why an expression may be superlinear; None where nothing is known."""
    path = entry.where.partition(":")[0]
    known = (why for (place, start), why in REASONS.items() if place == path and entry.pattern.startswith(start))
    return next(known, None)
