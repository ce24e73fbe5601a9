"""Servers that answer as nobody should: data, one function each. Each gets a connection whose request was read already.

A function returns when it is done, the peer went away (OSError) or `over` is set. The connection is closed then.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import zlib
from typing import TYPE_CHECKING, Final, Protocol

import brotli
from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from threading import Event


class Serve(Protocol):
    """What a server does with one connection."""

    def __call__(self, peer: socket.socket, over: Event, bait: str) -> None:
        """Answer. `bait` is the address of a listener that nobody may be led to."""


_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = _OK + b"content-type: application/json\r\n"
_STREAM: Final = _OK + b"content-type: text/event-stream\r\n"
_CHUNKED: Final = b"transfer-encoding: chunked\r\n\r\n"


def answer(content: str = "The sky is blue.") -> bytes:
    """Return the body of a completion that conforms."""
    message = {"role": "assistant", "content": content, "refusal": None}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1795000000,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14},
        }
    ).encode()


def _event(delta: str) -> bytes:
    value = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1795000000,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": delta}, "finish_reason": None}],
    }
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _plain(body: bytes, *headers: bytes, status: bytes = _OK) -> bytes:
    lines = b"".join(header + b"\r\n" for header in (b"content-type: application/json", *headers))
    return status + lines + b"content-length: %d\r\n\r\n" % len(body) + body


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _once(data: bytes | Callable[[], bytes]) -> Serve:
    """Send it, and close."""

    def serve(peer: socket.socket, over: Event, bait: str) -> None:
        del over
        peer.sendall((data if isinstance(data, bytes) else data()).replace(b"BAIT", bait.encode()))

    return serve


def _drip(head: bytes, piece: bytes, every: float) -> Serve:
    """Send a piece again and again: every so many seconds, or as fast as it goes."""

    def serve(peer: socket.socket, over: Event, bait: str) -> None:
        del bait
        peer.sendall(head)
        while not over.wait(every) if every else not over.is_set():
            peer.sendall(piece)

    return serve


def _hold(head: bytes) -> Serve:
    """Send it, and never close."""

    def serve(peer: socket.socket, over: Event, bait: str) -> None:
        peer.sendall(head.replace(b"BAIT", bait.encode()))
        over.wait()

    return serve


def _bytewise(data: bytes, every: float) -> Serve:
    def serve(peer: socket.socket, over: Event, bait: str) -> None:
        del bait
        for byte in data:
            if over.wait(every):
                return
            peer.sendall(bytes([byte]))

    return serve


def _reset(data: bytes) -> Serve:
    def serve(peer: socket.socket, over: Event, bait: str) -> None:
        del over, bait
        peer.sendall(data)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return serve


def _coded(coding: bytes, body: Callable[[], bytes]) -> Serve:
    return _once(lambda: _plain(body(), b"content-encoding: " + coding))


def _zeros(compress: Callable[[bytes], bytes], size: int) -> bytes:
    return compress(bytes(size))


def _gzip_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)] + [packer.flush()])


def _zstd_zeros(megabytes: int) -> bytes:
    packer = zstd.ZstdCompressor(19)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)] + [packer.flush()])


def _tiny_events(count: int) -> bytes:
    events = _event("a") * count
    return _STREAM + b"content-length: %d\r\n\r\n" % (len(events) + 14) + events + b"data: [DONE]\n\n"


def _blank_events(count: int) -> bytes:
    return _STREAM + b"connection: close\r\n\r\n" + b"data:\n\n" * count + b"data: [DONE]\n\n"


def _many(lines: Iterable[bytes]) -> bytes:
    return b"".join(lines)


#: A head of deflate and no data: each next block is empty (RFC 1951 3.2.4).
_GZIP_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_EMPTY_BLOCK: Final = b"\0\0\0\xff\xff"
_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\n"
_FAILED: Final = b"HTTP/1.1 500 Internal Server Error\r\n"
_ESCAPES: Final = "\x1b]0;owned\x07\x1b[2J\u202e\n::error::owned\n##[error]owned"

SERVERS: Final[Mapping[str, Serve]] = {
    # time
    "drip in the status line": _bytewise(b"HTTP/1.1 200 " + b"O" * 10_000, 1),
    "drip in a header": _bytewise(_OK + b"x-a: " + b"a" * 10_000, 1),
    "a header every second": _drip(_OK, b"x-a: b\r\n", 1),
    "drip in a chunk size": _drip(_JSON + _CHUNKED, b"0", 1),
    "drip in a chunk extension": _drip(_JSON + _CHUNKED + b"5;", b"x", 1),
    "drip in the body": _drip(_JSON + b"content-length: 1000000\r\n\r\n", b" ", 1),
    "drip in a stream": _drip(_STREAM + _CHUNKED, _chunk(_event("a")), 1),
    "comments in a stream for ever": _drip(_STREAM + _CHUNKED, _chunk(b": still here\n\n"), 1),
    "drip in trailers": _drip(_JSON + _CHUNKED + _chunk(answer()) + b"0\r\n", b"x-a: b\r\n", 1),
    "an interim answer every second": _drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 1),
    "empty gzip blocks, slowly": _drip(_JSON + b"content-encoding: gzip\r\n" + _CHUNKED + _chunk(_GZIP_HEAD), _chunk(_EMPTY_BLOCK), 1),
    "no answer": _hold(b""),
    "a head and no body": _hold(_JSON + b"content-length: 10\r\n\r\n"),
    "a whole body that never ends": _hold(_JSON + b"connection: close\r\n\r\n" + answer()),
    "a whole stream that never closes": _hold(_STREAM + b"connection: close\r\n\r\n" + _event("a") + b"data: [DONE]\n\n"),
    "a switch of protocols": _hold(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"),
    "a wait of 59 seconds": _once(_plain(b'{"error": {"message": "slow down"}}', b"retry-after: 59", status=_TOO_MANY)),
    "a wait of a century": _once(_plain(b'{"error": {"message": "slow down"}}', b"retry-after: 3200000000", status=_TOO_MANY)),
    "a wait that is no number": _once(_plain(b'{"error": {"message": "slow down"}}', b"retry-after: NaN", status=_TOO_MANY)),
    "a failure each time": _once(_plain(b'{"error": {"message": "oops"}}', status=_FAILED)),
    # size
    "interim answers without end": _drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 512, 0),
    "empty gzip blocks, fast": _drip(_JSON + b"content-encoding: gzip\r\n" + _CHUNKED + _chunk(_GZIP_HEAD), _chunk(_EMPTY_BLOCK) * 512, 0),
    "a body without end": _drip(_JSON + b"connection: close\r\n\r\n[", b" " * 65536, 0),
    "a stream without end": _drip(_STREAM + _CHUNKED, _chunk(_event("a")) * 256, 0),
    "a line without end": _drip(_STREAM + b"connection: close\r\n\r\ndata: ", b"a" * 65536, 0),
    "a header without end": _drip(_OK + b"x-a: ", b"a" * 65536, 0),
    "headers without end": _drip(_OK, b"x-a: b\r\n" * 4096, 0),
    "a chunk extension without end": _drip(_JSON + _CHUNKED + b"5;", b"x" * 65536, 0),
    "trailers without end": _drip(_JSON + _CHUNKED + _chunk(answer()) + b"0\r\n", b"x-a: b\r\n" * 4096, 0),
    "99,999 headers": _once(lambda: _OK + b"".join(b"x-%d: b\r\n" % number for number in range(99_999)) + b"\r\n"),
    "a chunk of 2^60 bytes": _drip(_JSON + _CHUNKED + b"1000000000000000\r\n", b" " * 65536, 0),
    "a million tiny events": _once(lambda: _tiny_events(1_000_000)),
    "30,000 tiny events": _once(lambda: _tiny_events(30_000)),
    "a million empty events": _once(lambda: _blank_events(1_000_000)),
    "answers of 3.9 MB": _once(lambda: _plain(answer("The sky is blue. " * 230_000))),
    "streams of 3.9 MB": _once(lambda: _tiny_events(24_000)),
    "an answer of 7 MB": _once(lambda: _plain(answer("The sky is blue. " * 430_000))),
    "an error page of 7 MB": _once(lambda: _plain(b"<html>" + b"<p>no such thing " * 430_000, status=b"HTTP/1.1 404 Not Found\r\n")),
    # coding
    "a gzip bomb": _coded(b"gzip", lambda: _gzip_zeros(1024)),
    "a brotli bomb in brotli": _coded(b"br, br", lambda: brotli.compress(brotli.compress(bytes(256 << 20), quality=5))),
    "a zstd bomb": _coded(b"zstd", lambda: _zstd_zeros(1024)),
    "gzip in gzip in gzip": _coded(b"gzip, gzip, gzip", lambda: gzip.compress(gzip.compress(_gzip_zeros(256)))),
    "fifty codings": _coded(b", ".join([b"gzip"] * 50), answer),
    "a coding that it is not": _coded(b"gzip", answer),
    # framing
    "too long a length": _once(_JSON + b"content-length: 100000\r\n\r\n" + answer()),
    "too short a length": _once(_JSON + b"content-length: 20\r\n\r\n" + answer()),
    "a negative length": _once(_JSON + b"content-length: -1\r\n\r\n" + answer()),
    "two lengths": _once(_JSON + b"content-length: 5\r\ncontent-length: 10\r\n\r\n" + answer()),
    "a length and chunks": _once(_JSON + b"content-length: 5\r\n" + _CHUNKED + _chunk(answer()) + b"0\r\n\r\n"),
    "a broken chunk size": _once(_JSON + _CHUNKED + b"zz\r\n" + answer()),
    "a status of 5,000 digits": _once(b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\n\r\n"),
    "a status that is no number": _once(b"HTTP/1.1 2OO OK\r\n\r\n"),
    "no HTTP": _once(b"\x16\x03\x01\x00\xff SSH-2.0-hello\r\n\r\n" * 100),
    "a reset at once": _reset(b""),
    "a reset midway": _reset(_JSON + b"content-length: 100000\r\n\r\n" + answer()),
    "nothing": _once(b""),
    "a body where none may be": _once(b"HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello"),
    # trust
    "the next probe's answer": _once(_plain(answer("first")) + _plain(answer("second"))),
    "a cookie": _once(_plain(answer(), b"set-cookie: session=1; path=/", b"set-cookie: a=b")),
    "a redirect to a file": _once(_plain(b"", b"location: file:///etc/passwd", status=b"HTTP/1.1 302 Found\r\n")),
    "a redirect to another host": _once(_plain(b"", b"location: http://BAIT/v1", status=b"HTTP/1.1 307 Temporary Redirect\r\n")),
    "a redirect to itself": _once(_plain(b"", b"location: /", status=b"HTTP/1.1 308 Permanent Redirect\r\n")),
    "a claim to be emulated": _once(_plain(answer(), b"x-conformance-evidence: emulated")),
    # text
    "control sequences": _once(_plain(json.dumps({"error": {"message": _ESCAPES, "code": _ESCAPES}}).encode(), status=b"HTTP/1.1 400 Bad Request\r\n")),
    "control sequences in an answer": _once(_plain(answer(_ESCAPES))),
    "control sequences in a header": _once(_plain(answer(), b"x-request-id: \x1b[2Jowned", b"content-language: \xff\xfe")),
    "a million brackets": _once(lambda: _plain(b"[" * 1_000_000)),
    "a number of a million digits": _once(lambda: _plain(b'{"id": ' + b"1" * 1_000_000 + b"}")),
    "a member a million times": _once(lambda: _plain(b'{"id": 1' + b', "a": 1' * 800_000 + b"}")),
    "bytes that are no text": _once(_plain(b'{"id": "\xff\xfe\xed\xa0\x80", "choices": []}')),
    "300,000 backslashes": _once(lambda: _plain(answer("\\" * 300_000))),
    "400,000 open tags": _once(lambda: _plain(answer("<a " * 400_000))),
    "a million open brackets in a text": _once(lambda: _plain(answer("[(" * 500_000))),
    "key-like text of 2 MB": _once(lambda: _plain(answer("sk-" * 600_000))),
    "a base64 text of 4 MB": _once(lambda: _plain(answer("QUJDREVGR0g0" * 350_000))),
}  # fmt: skip
