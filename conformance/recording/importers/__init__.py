"""Other tools' recordings as exchanges: the documents of `forms`, exchange JSONL, logs of bodies, traces; any of them gzipped."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import ijson
import orjson

from conformance.errors import UnusableInputError
from conformance.recording.compressed import opened
from conformance.recording.importers import har, httprr, jsonl, one_body, raw_http
from conformance.recording.importers.forms import form_of
from conformance.recording.importers.long_lines import LARGEST, lines_until
from conformance.recording.importers.sniff import HEAD, NEVER, OFTEN, begins_archive, is_json, is_talk, sniff
from conformance.recording.malformed import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.recording.importers.sniff import Layout
    from conformance.wire.exchange import Exchange

#: A refusal that our own recorder kept beside a cassette: it says why nothing better is there, and is no traffic to judge.
_REFUSED = ".refused.yaml"
_REMEDY = "name a recording: vcrpy, go-vcr, VCR, HAR, nock, WireMock, exchange JSONL, ...; `conformance audit --help` lists them"
_FLOW = "convert it: mitmdump -nr FILE --set hardump=FILE.har"


@dataclass(frozen=True)
class Unreadable:
    """A file, or one entry of it, that cannot be read. `error` says what is wrong, where, and the remedy.

    `passed_over` is a reason in few words, of a file that nobody named and that holds no exchange: it is counted, and is no error.
    """

    source: str
    error: str
    interaction: int | None = None
    passed_over: str | None = None


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Yield what is to be read: each named file as it is, and the recordings below each folder, in sorted order.

    Files in a folder that are no recordings are passed over; a folder without any is yielded itself, and reading it
    says so. Hidden files and folders are not looked into.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        result = False
        for file in _walk(path):
            if _is_recording(file):
                result = True
                yield file
        if not result:
            yield path


def read_exchanges(
    path: str | Path, *, named: bool = True, source: str | None = None
) -> Iterator[Exchange | Unreadable]:
    """Yield the exchanges of one file in their order, and `Unreadable` for what cannot be read. Never raises.

    Args:
        path: the file.
        named: whether somebody named the file itself: in a folder, a document of no known form is passed over.
        source: what the file is called, where it is the copy of another.
    """
    path = Path(path)
    name = source or path.as_posix()
    try:
        yield from _read(path, name)
    except _UnknownFormError as error:
        passed_over = None if named else "of no known form"
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


def layout_of(file: IO[bytes]) -> Layout | None:
    """Return the layout of an open file by its beginning."""
    return sniff(file.read(HEAD))


class _UnknownFormError(UnusableInputError):
    """A file that is no recording of a form that we know."""


def _read(path: Path, source: str) -> Iterator[Exchange | Unreadable]:
    if path.is_dir():
        raise UnusableInputError("no recording in this folder", where=source, remedy=_REMEDY)
    with opened(path) as file:
        head = file.read(HEAD)
        layout = sniff(head)
        if layout is None and not is_json(head):
            what = "is no recording of a known format" if head.strip() else "is empty"
            raise _UnknownFormError(what, where=source, remedy=_REMEDY)
        file.seek(0)
        if layout == "jsonl":
            yield from _lines(jsonl.read(lines_until(file), source), source)
            return
        if layout == "document" and begins_archive(head) and len(head) == HEAD:
            yield from _archive(file, source)
            return
        data = _whole(file, source)
    if layout == "mitmproxy":
        raise UnusableInputError("is a flow file of mitmproxy", where=source, remedy=_FLOW)
    if layout == "httprr":
        yield from _lines(httprr.read(data, source), source)
    elif layout == "http":
        yield from _lines(raw_http.read(data, source), source)
    elif layout == "sse":
        exchanges = list(one_body.read_stream(data, source))
        if not exchanges:
            raise _UnknownFormError("is an event stream of no known protocol", where=source, remedy=_REMEDY)
        yield from exchanges
    else:
        yield from _document(data, head, source)


def _document(data: bytes, head: bytes, source: str) -> Iterator[Exchange | Unreadable]:
    document = _json(data, source) if is_json(head) else _yaml(data, source)
    form = form_of(document)
    if form is None:
        raise _UnknownFormError("is no recording of a known format", where=source, remedy=_REMEDY)
    try:
        for number, item in enumerate(form.read(document, source)):
            yield _unreadable(item, data, source, number) if isinstance(item, Malformed) else item
    except Malformed as problem:
        yield _unreadable(problem, data, source, None)


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


def _lines(items: Iterable[Exchange | Malformed], source: str, first: int = 0) -> Iterator[Exchange | Unreadable]:
    for number, item in enumerate(items, first):
        if isinstance(item, Malformed):
            error = UnusableInputError(item.what, where=f"{source}:{item.line}", remedy="see schemas/exchange.json")
            yield Unreadable(source, str(error), number)
        else:
            yield item


def _unreadable(problem: Malformed, data: bytes, source: str, number: int | None) -> Unreadable:
    from conformance.recording.yaml_lines import line_of  # noqa: PLC0415 - JSON Lines need no YAML

    where = f"{source}:{line_of(data, problem.keys)}"
    return Unreadable(source, str(UnusableInputError(problem.what, where=where)), number)


def _yaml(data: bytes, source: str) -> Any:  # noqa: ANN401 - any YAML
    from conformance.recording.yaml_lines import read_yaml  # noqa: PLC0415

    return read_yaml(data, source)


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


def _is_recording(path: Path) -> bool:
    """Whether a file in a folder may be one. What cannot be looked into counts, so that it is said and not passed over."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    if name.endswith(_REFUSED) or NEVER.search(name):
        return False
    recorder_s = name.endswith(OFTEN)
    try:
        with opened(path) as file:
            head = file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return recorder_s
    return (recorder_s and sniff(head) is not None) or is_talk(head)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if not name.startswith("."))
