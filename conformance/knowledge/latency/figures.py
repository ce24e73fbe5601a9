"""Figures with their units, as people read them."""

from __future__ import annotations

from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["s", "tokens/s", "share"]


def shown(value: float, unit: Unit) -> str:
    """Return a figure with its unit, three digits of it."""
    if unit == "share":
        return f"{value:.1%}"
    if unit == "tokens/s":
        return f"{value:,.3g} tokens/s" if value < 1000 else f"{value:,.0f} tokens/s"  # noqa: PLR2004
    return f"{1e3 * value:.3g} ms" if value < 1 else f"{value:.3g} s"
