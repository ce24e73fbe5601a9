"""A file that a recording names: its bodies, kept beside it. None is read that lies outside of their folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class NotThere(NamedTuple):
    """A body that a recording keeps in a file which is not there: it is unknown, not empty."""

    name: str


def read_beside(folder: Path, name: str) -> bytes | NotThere:
    """Return the bytes of a file in a folder; NotThere where there is none, or where it lies outside."""
    place = folder.resolve()
    path = (place / name).resolve()
    return path.read_bytes() if path.is_relative_to(place) and path.is_file() else NotThere(name)
