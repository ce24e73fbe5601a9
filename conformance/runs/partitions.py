"""An audit in parts: files, or ranges of lines of one file, none of which cuts a session; each is judged by one pure function."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple, TypeAlias

import orjson

from conformance.errors import UnusableInputError
from conformance.recording.compressed import opened
from conformance.recording.importers import Unreadable, find_files, holds_lines, read_exchanges, read_range
from conformance.recording.importers.pieces import is_piece
from conformance.runs.audit_rows import Row
from conformance.runs.auditor import Auditor, AuditSettings
from conformance.runs.remote import is_address, local_copy, objects_at
from conformance.wire.plain_file import open_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.recording.importers.tables import Columns
    from conformance.runs.auditor import Item

#: Bytes of a part: some tenths of a second of work, and little to lose with a worker.
PART_BYTES: Final = 2_000_000
_FILES: Final = 256
#: A member `session` of a line, or a span's trace. One of a body counts too: it can only keep more lines together.
_SESSION: Final = re.compile(rb'(?<!\\)"(?:session|traceId)"\s*:\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")')


class Files(NamedTuple):
    """Whole files, each with whether somebody named it."""

    paths: tuple[tuple[str, bool], ...]


class Lines(NamedTuple):
    """Lines of a JSON Lines file: its bytes from `start` to `stop`, the number of the first line, and of the first exchange."""

    path: str
    start: int
    stop: int
    line: int
    number: int
    exchanges: int  # as many as there are lines that are not blank, if each holds one


Part: TypeAlias = Files | Lines


def audit_part(part: Part, settings: AuditSettings) -> list[Item]:
    """Judge one part: a pure function of plain values, for this process, another, or another machine."""
    for name in settings.rules:
        if name not in sys.modules:
            importlib.import_module(name)
    return list(items_of_part(part, settings))


def items_of_part(part: Part, settings: AuditSettings) -> Iterator[Item]:
    """Yield a row an exchange of a part, and what could not be read, as they come."""
    auditor = Auditor(settings)
    if isinstance(part, Lines):
        exchanges = read_range(part.path, part.start, part.stop, part.line, part.number)
        yield from auditor.rows(exchanges, part.path)
        return
    for path, named in part.paths:
        if is_address(path):
            yield from _from_a_copy(auditor, path, settings.columns)
            continue
        exchanges = read_exchanges(path, named=named, columns=settings.columns)
        yield from auditor.rows(exchanges, Path(path).as_posix())


def _from_a_copy(auditor: Auditor, address: str, columns: Columns | None) -> Iterator[Item]:
    try:
        with local_copy(address) as copy:
            yield from auditor.rows(read_exchanges(copy, named=False, source=address, columns=columns), address)
    except UnusableInputError as error:
        yield Unreadable(address, str(error))


def with_numbers_after(part: Part, items: Sequence[Item]) -> int:
    """Return by how much the next lines' numbers differ from the plan: a line may hold several exchanges, or several one."""
    if not isinstance(part, Lines):
        return 0
    numbered = (
        item
        for item in items
        if isinstance(item, Row) or (isinstance(item, Unreadable) and item.interaction is not None)
    )
    highest = max((item.interaction or 0 for item in numbered), default=part.number - 1)
    return highest + 1 - part.number - part.exchanges


def parts_of(paths: Iterable[str | Path], settings: AuditSettings) -> Iterator[Part]:
    """Yield the parts of files and folders in input order."""
    listed = list(paths)
    named = {str(path) for path in listed}
    batch: list[tuple[str, bool]] = []
    size = 0
    for address in filter(is_address, listed):
        yield from (Files(((name, True),)) for name in objects_at(str(address)))
    on_disk = (path for path in listed if not is_address(path))
    for path in find_files(on_disk, with_tables=settings.columns is not None):
        entry = (str(path), settings.strict or str(path) in named)
        bytes_there = path.stat().st_size if path.is_file() else 0
        ranges = lines_of(path, known=not entry[1]) if bytes_there > 2 * PART_BYTES else []
        if ranges or size + bytes_there > PART_BYTES or len(batch) >= _FILES:
            if batch:
                yield Files(tuple(batch))
            batch, size = [], 0
        if ranges:
            yield from ranges
        else:
            batch.append(entry)
            size += bytes_there
    if batch:
        yield Files(tuple(batch))


def lines_of(path: Path, *, known: bool = False) -> list[Lines]:
    """Return the ranges of a plain JSON Lines file whose borders no session crosses; empty for any other file.

    `known` asks that its first line be of a known form.
    """
    try:
        with opened(path) as content, open_plain(path) as file:
            if type(content) is not type(file) or not holds_lines(content, known=known):
                return []
            return _joined(path.as_posix(), list(_ranges(file)))
    except (OSError, EOFError):
        return []


class _Range(NamedTuple):
    start: int
    stop: int
    lines: int
    filled: int
    sessions: frozenset[int]
    cuts: bool  # whether its end lies between chunks of a stream


def _ranges(file: IO[bytes]) -> Iterator[_Range]:
    start = 0
    while data := file.read(PART_BYTES):
        data += file.readline()
        after = file.readline()
        file.seek(start + len(data))
        sessions = frozenset(hash(key) for key in _SESSION.findall(data))
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        blank = len(_BLANK.findall(data))
        last = data[data.rstrip(b"\n").rfind(b"\n") + 1 :]
        yield _Range(start, start + len(data), lines, lines - blank, sessions, _is_piece(last) and _is_piece(after))
        start += len(data)


_BLANK: Final = re.compile(rb"^[ \t\r\f\v]*\n", re.MULTILINE)


def _is_piece(line: bytes) -> bool:
    try:
        return is_piece(orjson.loads(line))
    except orjson.JSONDecodeError:
        return False


def _joined(path: str, ranges: Sequence[_Range]) -> list[Lines]:
    """Join ranges over which a session, or a stream, spreads."""
    last = {session: number for number, part in enumerate(ranges) for session in part.sessions}
    outcome: list[Lines] = []
    line, number, until = 1, 0, -1
    begun: tuple[int, int, int] | None = None
    for place, part in enumerate(ranges):
        begun = begun or (part.start, line, number)
        line, number = line + part.lines, number + part.filled
        until = max([until, *(last[session] for session in part.sessions), place + part.cuts])
        if until <= place:
            outcome.append(Lines(path, begun[0], part.stop, begun[1], begun[2], number - begun[2]))
            begun = None
    if begun is not None:
        outcome.append(Lines(path, begun[0], ranges[-1].stop, begun[1], begun[2], number - begun[2]))
    return outcome
