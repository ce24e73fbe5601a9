"""Which files of a folder may be recordings: told from their beginnings, and from their names what is none."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.recording.compressed import head_of, opened
from conformance.recording.importers import tables, wiremock
from conformance.recording.importers.sniff import HEAD, NEVER, OFTEN, is_talk, sniff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A refusal that our own recorder kept beside a cassette: it says why nothing better is there, and is no traffic to judge.
_REFUSED: Final = ".refused.yaml"
#: How files end that hold bytes of anything: only an event stream among them is a recording.
_BYTES: Final = ".bin"


def find_files(paths: Iterable[str | Path], *, with_tables: bool = False) -> Iterator[Path]:
    """Yield what is to be read: each named file as it is, and the recordings below each folder, in sorted order.

    Files in a folder that are no recordings are passed over; a folder without any is yielded itself, and reading it
    says so. Hidden files and folders are not looked into. `with_tables` takes CSV and Parquet files, too.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        result = False
        for file in _walk(path):
            if _is_recording(file) or (with_tables and tables.is_table(file)):
                result = True
                yield file
        if not result:
            yield path


def _is_recording(path: Path) -> bool:
    """Whether a file in a folder may be one. What cannot be looked into counts, so that it is said and not passed over."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    never = NEVER.search(name) is not None
    if name.endswith(_REFUSED) or (never and not name.endswith(_BYTES)):
        return False
    recorder_s = name.endswith(OFTEN)
    try:
        with opened(path) as file:
            head = head_of(file, HEAD)
    except (OSError, EOFError, zlib.error):
        return recorder_s
    layout = sniff(head)
    if layout in {"eventstream", "pickle"} or (layout == "sse" and is_talk(head)):
        return True
    return not never and ((recorder_s and layout is not None) or is_talk(head))


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        parts = wiremock.bodies_below(Path(place)) if Path(place).name == wiremock.FILES else frozenset()
        paths = (Path(place) / name for name in sorted(files) if not name.startswith("."))
        yield from (path for path in paths if path not in parts)
