"""Other tools' recordings as exchanges: vcrpy, Ruby VCR, HAR and exchange JSONL, any of them gzipped."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from conformance.errors import UnusableInputError
from conformance.recording.importers import har, jsonl, ruby_vcr, vcrpy
from conformance.recording.importers.parts import Malformed
from conformance.recording.importers.sniff import HEAD, is_json, sniff
from conformance.recording.yaml_lines import line_of, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.exchange import Exchange

_GZIP = b"\x1f\x8b"
_SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".har")
_DOCUMENTS = {"vcrpy": vcrpy.read, "ruby-vcr": ruby_vcr.read, "har": har.read}
_REMEDY = "name vcrpy YAML or JSON, Ruby VCR YAML, HAR or exchange JSONL, gzipped or not"


@dataclass(frozen=True)
class Unreadable:
    """A file, or one entry of it, that cannot be read. `error` says what is wrong, where, and the remedy."""

    source: str
    error: str
    interaction: int | None = None


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Yield what is to be read: each named file as it is, and the recordings below each folder, in sorted order.

    Files in a folder that are no recordings are passed over; a folder without any is yielded itself, and reading it
    says so. Hidden files and folders are not looked into.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        found = False
        for file in _walk(path):
            if _is_recording(file):
                found = True
                yield file
        if not found:
            yield path


def read_exchanges(path: str | Path) -> Iterator[Exchange | Unreadable]:
    """Yield the exchanges of one file in their order, and `Unreadable` for what cannot be read. Never raises."""
    path = Path(path)
    try:
        yield from _read(path)
    except UnusableInputError as error:
        yield Unreadable(path.as_posix(), str(error))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Unreadable(path.as_posix(), str(UnusableInputError(f"cannot be read: {reason}", where=path.as_posix())))


def _read(path: Path) -> Iterator[Exchange | Unreadable]:
    source = path.as_posix()
    if path.is_dir():
        raise UnusableInputError("no recording in this folder", where=source, remedy=_REMEDY)
    with opened(path) as file:
        head = file.read(HEAD)
        kind = sniff(head)
        if kind is None:
            what = "is no recording of a known format" if head.strip() else "is empty"
            raise UnusableInputError(what, where=source, remedy=_REMEDY)
        file.seek(0)
        if kind == "jsonl":
            yield from _lines(jsonl.read(file, source), source)
            return
        data = file.read()
    document = _json(data, source) if is_json(head) else read_yaml(data, source)
    try:
        for number, each in enumerate(_DOCUMENTS[kind](document, source)):
            yield _unreadable(each, data, source, number) if isinstance(each, Malformed) else each
    except Malformed as problem:
        yield _unreadable(problem, data, source, None)


def _lines(items: Iterable[Exchange | Malformed], source: str) -> Iterator[Exchange | Unreadable]:
    for number, each in enumerate(items):
        if isinstance(each, Malformed):
            error = UnusableInputError(each.what, where=f"{source}:{each.line}", remedy="see schemas/exchange.json")
            yield Unreadable(source, str(error), number)
        else:
            yield each


def _unreadable(problem: Malformed, data: bytes, source: str, number: int | None) -> Unreadable:
    return Unreadable(
        source, str(UnusableInputError(problem.what, where=f"{source}:{line_of(data, problem.keys)}")), number
    )


def _json(data: bytes, source: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:  # what orjson is too strict for: lone surrogates, NaN, a byte order mark
        return json.loads(data.decode("utf-8-sig", "surrogatepass"))
    except json.JSONDecodeError as error:
        raise UnusableInputError(f"not JSON: {error.msg}", where=f"{source}:{error.lineno}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnusableInputError(f"not JSON: {error}", where=source) from error


def opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file for reading, gunzipped where it is gzipped, whatever its name.

    Raises:
        OSError: it cannot be read.
    """
    file = path.open("rb")
    magic = file.read(2)
    file.seek(0)
    if magic != _GZIP:
        return file
    file.close()
    return gzip.open(path, "rb")


def _is_recording(path: Path) -> bool:
    """Whether a file in a folder is one. What cannot be looked into counts, so that it is said and not passed over."""
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith(_SUFFIXES):
        return False
    try:
        with opened(path) as file:
            return sniff(file.read(HEAD)) is not None
    except (OSError, EOFError, zlib.error):
        return True


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if not name.startswith("."))
