"""`python -m conformance.recording.secrets PATH...`: what in recordings should have been redacted. Exit code 1 if anything."""

from __future__ import annotations

import base64
import binascii
import re
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conformance.errors import UnusableInputError
from conformance.recording.compressed import opened
from conformance.recording.hiding import found
from conformance.recording.importers import Unreadable, read_exchanges
from conformance.recording.importers.sniff import HEAD, sniff
from conformance.recording.patterns import leaks
from conformance.recording.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from conformance.wire.exchange import Exchange

_BINARY = re.compile(rb"!!binary \|-?\n(?P<text>(?:[ \t]+[A-Za-z0-9+/=]+[ \t]*(?:\r?\n|\Z))+)")


class Found(NamedTuple):
    """One secret: the file, its line (from 1), and its kind. The secret itself is not repeated."""

    file: Path
    line: int
    kind: str


def scan(paths: Iterable[str | Path], deep: Callable[[Path], bool] = lambda _: True) -> list[Found]:
    """Return every secret in the files and in the folders' files, once a line and kind.

    Args:
        paths: files and folders.
        deep: whether a file is decoded; without that, only secrets that stand in the open are looked for in it.

    Raises:
        UnusableInputError: a path cannot be read.
    """
    result: dict[Found, None] = {}
    for path in _files(paths):
        result.update(dict.fromkeys(sorted(_scan_file(path, deep=deep(path)))))
    return list(result)


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _scan_file(path: Path, *, deep: bool) -> Iterator[Found]:
    try:
        with opened(path) as file:
            data = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise UnusableInputError(f"cannot be read: {error}", where=path, remedy="name recordings") from error
    in_the_open: set[str] = set()
    for leak in leaks(data):
        in_the_open.add(leak.kind)
        yield Found(path, _line(data, leak.start), leak.kind)
    if not deep:
        return
    for block in _BINARY.finditer(data):
        try:
            body = base64.b64decode(b"".join(block["text"].split()))
        except binascii.Error:
            continue
        for leak in found(body):
            in_the_open.add(leak.kind)
            yield Found(path, _line(data, block.start()), leak.kind)
    if sniff(data[:HEAD]) is not None:
        for exchange in read_exchanges(path):
            yield from _scan_exchange(path, data, exchange, in_the_open)


def _scan_exchange(
    path: Path, data: bytes, exchange: Exchange | Unreadable, in_the_open: Collection[str]
) -> Iterator[Found]:
    """Look at what only a reader of the format knows: bodies without their coding, values of headers and parameters.

    A body's kinds that stand in the open were named with their lines already.
    """
    if isinstance(exchange, Unreadable):
        return
    answered = exchange.response
    for body in (exchange.request.body, answered.body if answered is not None else b""):
        for leak in found(body):
            if leak.kind not in in_the_open:
                secret = body[leak.start : leak.end].decode("utf-8", "replace")
                yield Found(path, _line_of(data, secret), leak.kind)
    exchange = replace(
        exchange,
        request=replace(exchange.request, body=b""),
        response=replace(answered, body=b"") if answered is not None else None,
        meta={},
    )
    clean = redact(exchange)
    if clean.request.url != exchange.request.url:
        yield Found(path, _line_of(data, exchange.request.url), "url")
    messages = [(exchange.request.headers, clean.request.headers)]
    if exchange.response is not None and clean.response is not None:
        messages.append((exchange.response.headers, clean.response.headers))
    for before, after in messages:
        yield from _headers(path, data, before, after)


def _headers(path: Path, data: bytes, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Found]:
    for name, value in before.items():
        if after[name] != value:
            yield Found(path, _line_of(data, value), f"header {name}")


def _line_of(data: bytes, text: str) -> int:
    """Return the line where a value stands, or 1 where it is written in another way than it reads."""
    return _line(data, max(data.find(text.encode("utf-8", "surrogatepass")), 0))


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def main(arguments: Sequence[str]) -> int:
    """Print one line a secret, and return the exit code: 1 where there is any, 3 where a path cannot be read."""
    try:
        result = scan(arguments)
    except UnusableInputError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the output of a command
        return 3
    for file, line, kind in result:
        print(f"{file}:{line}: {kind}")  # noqa: T201 - the output of a command
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
