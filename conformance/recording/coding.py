"""Content codings of recorded bodies: undone where they are still there, left alone where a recorder has undone them."""

from __future__ import annotations

import re
from typing import Final

from conformance.recording.malformed import Malformed
from conformance.wire.coding import CodingError, MissingDecoderError, TooLargeError, decoded

#: The line before a chunk: its size in hexadecimal, and extensions that nobody uses.
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]{0,200})?\r\n")
_GZIP: Final = b"\x1f\x8b"
#: What a JSON text, an event stream or an error page never holds, and compressed bytes nearly always do.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode_body(body: bytes, coding: str) -> bytes:
    """Return a body without its content coding (`gzip`, `deflate`, `br`, `zstd`, or several; RFC 9110 8.4).

    Most recorders store a decoded body under a header that still says gzip: such a body stays as it is. One that
    cannot be decoded stays as well; a truncated one gives what can be read of it.

    Raises:
        Malformed: it becomes larger than any answer is: a decompression bomb; or an extra is missing that decodes it.
    """
    coding = coding.strip().lower()
    if not body or coding in {"", "identity"}:
        return body
    if "gzip" in coding and "," not in coding and not body.startswith(_GZIP):
        return body
    if _is_text(body):
        return body
    try:
        return decoded(coding, body) or body
    except TooLargeError as error:
        raise Malformed(f"a body is too large once decoded: {error}") from error
    except MissingDecoderError as error:
        raise Malformed(str(error)) from error
    except CodingError:
        return body


def unchunked(body: bytes, transfer_coding: str) -> bytes:
    """Return a body without the transfer coding `chunked` (RFC 9112 7.1); as it is where a recorder has undone it, or cut it."""
    if "chunked" not in transfer_coding.lower() or _CHUNK.match(body) is None:
        return body
    at = 0
    pieces: list[bytes] = []
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[size.end() : size.end() + length])
        at = size.end() + length + len(b"\r\n")
        if body[at - 2 : at] != b"\r\n":
            break
    return body


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(body) is None
