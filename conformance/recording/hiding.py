"""Secrets in bytes, in the open and in what decoding shows: found, and filled so that the bytes keep their form and length."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from itertools import chain
from operator import eq
from typing import TYPE_CHECKING, Final

from conformance.recording.patterns import Leak, filler, is_filled, leaks, mask
from conformance.recording.text_views import joined_strings, transcoded, unescaped
from conformance.wire.coding import CodingError, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.recording.text_views import View

#: A run of base64, in one piece or in MIME's lines, whose ends may be escaped.
_BASE64: Final = re.compile(
    rb"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n|\\{1,4}r\\{1,4}n|\\{1,4}n)[A-Za-z0-9+/_-]{4,}){0,20000}={0,2}"
)
_LINE_END: Final = re.compile(rb"\r?\n|\\{1,4}r\\{1,4}n|\\{1,4}n")
_HEX: Final = re.compile(
    rb"(?<![A-Za-z0-9])(?:[0-9a-f]{2}){12,}(?![A-Za-z0-9])|(?<![A-Za-z0-9])(?:[0-9A-F]{2}){12,}(?![A-Za-z0-9])"
)
_RUN: Final = re.compile(rb"(?:[\x20-\x7e]\x00{0,3}){8}")
_LINE_PARTS: Final = re.compile(rb"[^\r\n\x00]+")
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_DEPTH: Final = 3  # base64 of gzip within gzip
_PASSES: Final = 4


def hidden(data: bytes, own: Sequence[re.Pattern[bytes]] = ()) -> bytes:
    """Return bytes without secrets: those that `own` finds, and what looks like one.

    The length stays, but for a body that is gzipped as a whole and cannot be packed again to its size.
    """
    for _ in range(_PASSES):
        clean = _once(data, own, 0, nested=False)
        if clean == data:
            break
        data = clean
    return data


def _once(data: bytes, own: Sequence[re.Pattern[bytes]], depth: int, *, nested: bool = True) -> bytes:
    coding = _packed(data)
    if coding is not None and depth < _DEPTH:
        return _repacked(data, coding, own, depth, nested=nested)
    result = bytearray(data if nested else mask(data))
    for leak in _direct(bytes(result), own, nested=nested):
        result[leak.start : leak.end] = _filled(data[leak.start : leak.end])
    # A part that was filled in the open may have been what shows the rest as a key: `sk-abcd.` and `..wxyz` in two pieces of a stream.
    views = chain(_views(bytes(result)), _views(data) if result != data else ())
    for view in views:
        for begin, stop in _spans(view.text, own, depth):
            for start, end in view.ranges(begin, stop):
                if 2 * sum(map(eq, result[start:end], data[start:end])) >= end - start:  # else it is filled already
                    result[start:end] = b"1" * (end - start) if view.numeric else _filled(data[start:end])
    if depth < _DEPTH:
        for start, end, clean in _nested(bytes(result), own, depth):
            result[start:end] = clean
    return bytes(result)


def found(data: bytes, own: Sequence[re.Pattern[bytes]] = ()) -> Iterator[Leak]:
    """Yield each secret, in the open or not; what is filler already is none."""
    if hidden(data, own) == data:
        return
    yield from leaks(data)
    masked = mask(data)
    clean = hidden(masked, own)
    if clean != masked:
        same = len(clean) == len(data)
        start = next((at for at, (one, other) in enumerate(zip(masked, clean, strict=False)) if one != other), 0)
        yield Leak("encoded-secret", start if same else 0, len(data))


def _filled(text: bytes) -> bytes:
    """Return filler for a text that may stand on several lines, or between the NULs of UTF-16: those stay."""
    return _LINE_PARTS.sub(lambda part: filler(len(part[0])), text)


def _spans(text: bytes, own: Sequence[re.Pattern[bytes]], depth: int) -> Iterator[tuple[int, int]]:
    """Yield where secrets stand in a text that is a view: a run of a coding that holds one goes as a whole."""
    for leak in _direct(text, own, nested=True):
        yield leak.start, leak.end
    if depth < _DEPTH:
        for start, end, _ in _nested(text, own, depth):
            yield start, end
        for view in unescaped(text):
            for begin, stop in _spans(view.text, own, _DEPTH):
                yield from view.ranges(begin, stop)


def _direct(text: bytes, own: Sequence[re.Pattern[bytes]], *, nested: bool) -> Iterator[Leak]:
    for pattern in own:
        for match in pattern.finditer(text):
            if not is_filled(match[0]):
                yield Leak("own-key", *match.span())
    if nested:
        yield from leaks(text, nested=True)


def _views(data: bytes) -> Iterator[View]:
    yield from unescaped(data)
    yield from transcoded(data)
    yield from joined_strings(data)


def _nested(data: bytes, own: Sequence[re.Pattern[bytes]], depth: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the runs of base64 and hexadecimal digits that hold a secret, each as what it becomes: of the same length and form."""
    for match in _BASE64.finditer(data):
        clean = _base64(match[0], own, depth)
        if clean != match[0]:
            yield (*match.span(), clean)
    for match in _HEX.finditer(data):
        raw = binascii.unhexlify(match[0])
        if not _may_hold(raw):
            continue
        clean = _once(raw, own, depth + 1)
        if clean != raw:
            text = binascii.hexlify(clean) if len(clean) == len(raw) else b"0" * len(match[0])
            yield (*match.span(), text if match[0].lower() == match[0] else text.upper())


def _base64(run: bytes, own: Sequence[re.Pattern[bytes]], depth: int) -> bytes:
    ends = list(_LINE_END.finditer(run))
    text = _LINE_END.sub(b"", run) if ends else run
    url = b"-" in text or b"_" in text
    bare = text.rstrip(b"=")
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    try:
        raw = base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_" if url else None)
    except binascii.Error:
        return run
    clean = _once(raw, own, depth + 1) if _may_hold(raw) else raw
    if clean == raw:
        return run
    fits = len(clean) == len(raw)
    again = base64.b64encode(clean, altchars=b"-_" if url else None)[: len(bare)] if fits else b"A" * len(bare)
    again += text[len(bare) :]
    for end in ends:
        again = again[: end.start()] + end[0] + again[end.start() :]
    return again


def _may_hold(raw: bytes) -> bool:
    """Whether decoded bytes can hold a text: images, ciphers and ids have no such run of what can be printed."""
    return _RUN.search(raw) is not None or _packed(raw) is not None


def _packed(data: bytes) -> str | None:
    """Return the coding of bytes that are compressed, by their beginning."""
    if data.startswith(_GZIP):
        return "gzip"
    if data.startswith(_ZSTD):
        return "zstd"
    head = int.from_bytes(data[:2], "big")
    return "deflate" if data[:1] == b"\x78" and len(data) > 8 and head % 31 == 0 else None  # noqa: PLR2004 - RFC 1950 2.2


def _repacked(data: bytes, coding: str, own: Sequence[re.Pattern[bytes]], depth: int, *, nested: bool) -> bytes:
    try:
        plain = decoded(coding, data)
    except CodingError:
        return data
    clean = _once(plain, own, depth + 1, nested=nested)
    if clean == plain:
        return data
    if coding != "gzip":
        return zlib.compress(clean, 9) if coding == "deflate" else clean
    body = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = body.compress(clean) + body.flush()
    tail = zlib.crc32(clean).to_bytes(4, "little") + len(clean).to_bytes(4, "little")
    spare = len(data) - len(packed) - len(tail) - 10
    if spare > 0:  # a comment fills the size up (RFC 1952 2.3)
        return b"\x1f\x8b\x08\x10" + bytes(5) + b"\xff" + b"X" * (spare - 1) + b"\0" + packed + tail
    return b"\x1f\x8b\x08\0" + bytes(5) + b"\xff" + packed + tail
