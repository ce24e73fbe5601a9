"""A file that a recording names: its bodies, kept beside it. None is read that lies outside of their folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_beside(folder: Path, name: str) -> bytes | None:
    """Return the bytes of a file in a folder; None where it is not there or lies outside."""
    place = folder.resolve()
    path = (place / name).resolve()
    return path.read_bytes() if path.is_relative_to(place) and path.is_file() else None
