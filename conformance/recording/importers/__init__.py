"""Other tools' recordings as exchanges: the documents of `forms`, exchange JSONL, logs of bodies, traces; any of them gzipped."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import ijson
import orjson

from conformance.errors import UnusableInputError
from conformance.recording.compressed import head_of, opened
from conformance.recording.importers import flows, har, httprr, jsonl, one_body, raw_http, tables
from conformance.recording.importers.forms import form_of
from conformance.recording.importers.long_lines import LARGEST, lines_until
from conformance.recording.importers.parts import numbered
from conformance.recording.importers.sniff import HEAD, begins_archive, is_json, sniff
from conformance.recording.importers.walking import find_files
from conformance.recording.malformed import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.recording.importers.tables import Columns
    from conformance.wire.exchange import Exchange

_REMEDY = "name a recording: vcrpy, go-vcr, VCR, HAR, nock, WireMock, exchange JSONL, ...; `conformance audit --help` lists them"
_READERS: dict[str, Callable[[bytes, str], Iterable[Exchange | Malformed]]] = {
    "httprr": httprr.read,
    "http": raw_http.read,
    "sse": one_body.read_stream,
    "eventstream": one_body.read_frames,
    "mitmproxy": flows.read,
}
_PLACE = re.compile(r"^(?::\d+)*:? *(?:#\d+: *)?")
_NUMBER = re.compile(r"\d+")
#: Lines of no known form that are said one by one, and of those that wait for an exchange, how many are kept.
_FEW = 5
_HELD = 10_000
#: Names of files that are meant to be one document. What holds a recorder's words by chance under another name is prose.
_DOCUMENTS = (".json", ".yaml", ".yml", ".har", ".cassette")


__all__ = ["Unreadable", "find_files", "holds_lines", "read_exchanges", "read_range"]


@dataclass(frozen=True)
class Unreadable:
    """A file, or one entry of it, that cannot be read. `error` says what is wrong, where, and the remedy.

    `passed_over` is a reason in few words, of a file that nobody named and that holds no exchange: it is counted, and is no error.
    """

    source: str
    error: str
    interaction: int | None = None
    passed_over: str | None = None

    @property
    def reason(self) -> str:
        """What is wrong, in few words and without its place, so that it can be counted."""
        what = _PLACE.sub("", self.error.removeprefix(self.source), count=1)
        return _NUMBER.sub("N", re.split(r"[:;,(]", what)[0].strip())[:60] or "cannot be read"


def read_exchanges(
    path: str | Path, *, named: bool = True, source: str | None = None, columns: Columns | None = None
) -> Iterator[Exchange | Unreadable]:
    """Yield the exchanges of one file in their order, and `Unreadable` for what cannot be read. Never raises.

    Args:
        path: the file.
        named: whether somebody named the file itself: in a folder, a document of no known form is passed over.
        source: what the file is called, where it is the copy of another.
        columns: which columns of a table, CSV or Parquet, hold what.
    """
    path = Path(path)
    name = source or path.as_posix()
    try:
        if tables.is_table(path) and (named or columns is not None) and path.is_file():
            yield from _lines(tables.read(path, name, columns), name, remedy="see `--columns` in docs/audit.md")
            return
        yield from _read(path, name, named=named)
    except _UnknownFormError as error:
        passed_over = None if named else error.reason
        yield Unreadable(name, str(error), passed_over=passed_over)
    except UnusableInputError as error:
        yield Unreadable(name, str(error))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Unreadable(name, str(UnusableInputError(f"cannot be read: {reason}", where=name)))
    except Exception as error:  # noqa: BLE001 - whatever stands in a file, the other files are read
        what = f"cannot be read: {type(error).__name__}: {str(error)[:120]}"
        yield Unreadable(name, str(UnusableInputError(what, where=name)))


def read_range(path: str, start: int, stop: int, line: int, number: int) -> Iterator[Exchange | Unreadable]:
    """Yield the exchanges of some lines of a plain JSON Lines file, and `Unreadable` for what cannot be read. Never raises.

    Args:
        path: the file.
        start: the byte at which the first of the lines begins.
        stop: the byte after the last of them.
        line: the number of the first line, from 1.
        number: the number of the first exchange, from 0.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the path's own spelling is the source
            file.seek(start)
            yield from _lines(jsonl.read(lines_until(file, stop - start), path, line, number), path, number)
    except OSError as error:
        yield Unreadable(path, str(UnusableInputError(f"cannot be read: {error.strerror or error}", where=path)))


def holds_lines(file: IO[bytes], *, known: bool) -> bool:
    """Whether an open file is JSON Lines by its beginning; `known` asks that the first line be of a known form, too."""
    head = file.read(HEAD)
    return sniff(head) == "jsonl" and (not known or jsonl.begins_with_exchange(head))


class _UnknownFormError(UnusableInputError):
    """A file that is no recording of a form that we know, and why in few words."""

    reason = "of no known form"


class _NoExchangesError(_UnknownFormError):
    """A file of lines, none of which is an exchange."""

    reason = "of lines that are no exchanges"


class _UnknownProtocolError(_UnknownFormError):
    """An event stream of a protocol that we do not know."""

    reason = "of streams of no known protocol"


class _PickledError(_UnknownFormError):
    """Python's pickled objects: to load one runs what it says."""

    reason = "of pickled objects, which are never loaded"


def _read(path: Path, source: str, *, named: bool) -> Iterator[Exchange | Unreadable]:
    if path.is_dir():
        raise UnusableInputError("no recording in this folder", where=source, remedy=_REMEDY)
    with opened(path) as file:
        head = head_of(file, HEAD)
        layout = sniff(head)
        if layout == "pickle":
            raise _PickledError("holds pickled objects: to load them runs their code", where=source, remedy=_REMEDY)
        if layout is None and not is_json(head):
            what = "is no recording of a known format" if head.strip() else "is empty"
            raise _UnknownFormError(what, where=source, remedy=_REMEDY)
        file.seek(0)
        if layout == "jsonl":
            yield from _lines(_known(jsonl.read(lines_until(file), source), source, few=_FEW if named else 0), source)
            return
        if layout == "document" and begins_archive(head) and len(head) == HEAD:
            yield from _archive(file, source)
            return
        data = head if len(head) < HEAD else _whole(file, source)
    reader = _READERS.get(layout or "")
    if reader is None:
        yield from _document(data, source)
        return
    items = list(_lines(reader(data, source), source))
    if not items:
        raise _UnknownProtocolError("is an event stream of no known protocol", where=source, remedy=_REMEDY)
    yield from items


def _document(data: bytes, source: str) -> Iterator[Exchange | Unreadable]:
    documents = _documents(data, source)
    forms = [(form, document) for document in documents if (form := form_of(document)) is not None]
    if not forms:
        raise _UnknownFormError("is no recording of a known format", where=source, remedy=_REMEDY)
    number = 0
    for form, document in forms:
        try:
            for item in form.read(document, source):
                yield (
                    _unreadable(item, data, source, number)
                    if isinstance(item, Malformed)
                    else numbered(item, source, number)
                )
                number += 1
        except Malformed as problem:
            yield _unreadable(problem, data, source, None)


def _documents(data: bytes, source: str) -> list[Any]:
    """Return the documents of a file of JSON or YAML.

    Raises:
        UnusableInputError: it is neither.
    """
    try:
        return [_json(data, source)] if is_json(data[:HEAD]) else _yamls(data, source)
    except UnusableInputError as error:
        if not source.lower().removesuffix(".gz").removesuffix(".zst").endswith(_DOCUMENTS):
            raise _UnknownFormError(str(error)) from error
        raise


def _whole(file: IO[bytes], source: str) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        size = len(data)
        while piece := file.read(LARGEST // 64):
            size += len(piece)
        what = f"not judged: {size // 1_000_000} MB is over the limit of {LARGEST // 1_000_000} MB for one text"
        raise UnusableInputError(
            what, where=source, remedy="where it holds several exchanges, write them one a line (schemas/exchange.json)"
        )
    return data


def _archive(file: IO[bytes], source: str) -> Iterator[Exchange | Unreadable]:
    """Yield the exchanges of a large HTTP archive, entry by entry; where one is broken, the way to it is said in place of its line."""
    try:
        for number, item in enumerate(har.stream(file, source)):
            if isinstance(item, Malformed):
                yield Unreadable(source, str(UnusableInputError(item.what, where=source)), number)
            else:
                yield item
    except ijson.JSONError as error:
        raise UnusableInputError(f"not JSON: {error}", where=source) from error


def _known(items: Iterator[Exchange | Malformed], source: str, *, few: int) -> Iterator[Exchange | Malformed]:
    """Yield what lines hold. Where more than `few` are whole and none is an exchange, it is one file of no known form.

    Raises:
        _UnknownFormError: that is so.
    """
    strange: list[Malformed] = []
    count = 0
    for item in items:
        if not isinstance(item, Malformed) or not item.of_no_form:
            yield from strange
            yield item
            yield from items
            return
        count += 1
        if len(strange) < _HELD:
            strange.append(item)
    if count > few:
        lines = "its line is no exchange" if count == 1 else f"none of its {count} lines is an exchange"
        raise _NoExchangesError(f"is no recording of a known format: {lines}", where=source, remedy=_REMEDY)
    yield from strange


def _lines(
    items: Iterable[Exchange | Malformed], source: str, first: int = 0, *, remedy: str = "see schemas/exchange.json"
) -> Iterator[Exchange | Unreadable]:
    for number, item in enumerate(items, first):
        if isinstance(item, Malformed):
            error = UnusableInputError(item.what, where=f"{source}:{item.line}", remedy=remedy)
            yield Unreadable(source, str(error), number)
        else:
            yield item


def _unreadable(problem: Malformed, data: bytes, source: str, number: int | None) -> Unreadable:
    from conformance.recording.yaml_lines import line_of  # noqa: PLC0415 - JSON Lines need no YAML

    where = f"{source}:{line_of(data, problem.keys)}"
    return Unreadable(source, str(UnusableInputError(problem.what, where=where)), number)


def _yamls(data: bytes, source: str) -> list[Any]:
    from conformance.recording.yaml_lines import read_yamls  # noqa: PLC0415

    return read_yamls(data, source)


def _json(data: bytes, source: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:  # what orjson is too strict for: lone surrogates, NaN, a byte order mark
        return json.loads(data.decode("utf-8-sig", "surrogatepass"))
    except json.JSONDecodeError as error:
        raise UnusableInputError(f"not JSON: {error.msg}", where=f"{source}:{error.lineno}") from error
    except (ValueError, RecursionError) as error:  # no UTF-8, a number of 5,000 digits
        raise UnusableInputError(f"not JSON: {error}", where=source) from error
