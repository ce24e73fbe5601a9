"""Content codings undone in pieces, within a limit: a few bytes that become gigabytes are broken off, and said to be so.

RFC 9110 8.4 (read 2026-11-28). zlib, brotli and Python's own zstd do the work; every stage of `br, br` is held to the same limit.
"""

from __future__ import annotations

import zlib
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol

from conformance.wire.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: An extra, for its 5 MB: browsers' archives hold decoded bodies, and our own client asks for no coding that it cannot undo.
_brotli: Final[Any] = import_module("brotli") if find_spec("brotli") else None
_ERRORS: Final = (zlib.error, ZstdError, *([_brotli.error] if _brotli else []))
#: Bytes of one body, decoded. The largest of 3,924 recorded answers has 0.3 MB.
MOST_BYTES: Final = 16 << 20
#: A body that is longer than this may be so many times as long as its coded form at most.
_FREE: Final = 1 << 20
_RATIO: Final = 250
_MOST_CODINGS: Final = 4
_PIECE: Final = 64 << 10
_ZSTD_WINDOW_LOG: Final = 23  # 8 MiB: RFC 9659 3 (read 2026-11-28)


class CodingError(ValueError):
    """A body is not in the coding that its label names."""


class MissingDecoderError(CodingError):
    """What undoes the coding is an extra that is not installed."""


class TooLargeError(CodingError):
    """A body becomes larger than the limit."""


class _Stage(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes become, in pieces of bounded size."""


class Decoder:
    """Undoes the codings of one body, as its bytes come.

    Args:
        coding: the value of Content-Encoding; a coding that nobody registered is left as it is.
        most: bytes that the body, or a coded form of it on the way, may have.

    Raises:
        CodingError: more codings are named than any server applies.
        MissingDecoderError: a coding needs an extra.
    """

    def __init__(self, coding: str, most: int = MOST_BYTES) -> None:
        names = [name for part in coding.lower().split(",") if (name := part.strip()) in _STAGES]
        if len(names) > _MOST_CODINGS:
            raise CodingError(f"{len(names)} content codings, one over the other")
        self._names, self._most = names, most
        self._stages: list[_Stage] = [_STAGES[name]() for name in reversed(names)]
        self._sizes = [0] * len(names)
        self._taken = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes of the coded body become.

        Raises:
            CodingError: they are not in the coding.
            TooLargeError: the body becomes too large.
        """
        self._taken += len(data)
        yield from self._through(0, data)

    def _through(self, number: int, data: bytes) -> Iterator[bytes]:
        if number == len(self._stages):
            yield data
            return
        try:
            for piece in self._stages[number].feed(data):
                self._count(number, len(piece))
                yield from self._through(number + 1, piece)
        except _ERRORS as error:
            raise CodingError(f"not {', '.join(self._names)}: {error}") from error

    def _count(self, number: int, size: int) -> None:
        self._sizes[number] += size
        total, taken = self._sizes[number], self._taken
        if total > self._most or total > max(_FREE, _RATIO * taken):
            raise TooLargeError(f"{taken} bytes of {', '.join(self._names)} become {total} and more")


def decoded(coding: str, body: bytes, most: int = MOST_BYTES) -> bytes:
    """Return a body without its codings. A truncated one gives what can be read of it.

    Raises:
        CodingError: it is not in them.
        TooLargeError: it becomes too large.
    """
    return b"".join(Decoder(coding, most).feed(body))


class _Inflate:
    """gzip, of one member or several, or deflate with zlib's frame (RFC 9110 8.4.1.2) or, as some servers send it, without."""

    def __init__(self, bits: int) -> None:
        self._bits, self._ended = bits, False
        self._head: bytes | None = b""  # of deflate, until its frame is known
        self._inflate = zlib.decompressobj(bits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes become; what follows the last member is no body."""
        while not self._ended:
            try:
                piece = self._inflate.decompress(data, _PIECE)
            except zlib.error:
                if self._bits != zlib.MAX_WBITS or self._head is None:
                    raise
                self._bits, data, self._head = -zlib.MAX_WBITS, self._head + data, None
                self._inflate = zlib.decompressobj(self._bits)
                continue
            if piece:
                self._head = None
                yield piece
            elif self._head is not None and len(self._head) < 2:  # noqa: PLR2004 - zlib's header
                self._head += data[:2]
            if self._inflate.eof:
                data = self._inflate.unused_data
                self._ended = self._bits <= zlib.MAX_WBITS or not (data or b"\x1f").startswith(b"\x1f")
                self._inflate = zlib.decompressobj(self._bits)
            else:
                data = self._inflate.unconsumed_tail
            if not data and len(piece) < _PIECE:
                return


class _Brotli:
    def __init__(self) -> None:
        if _brotli is None:
            raise MissingDecoderError("a body in brotli needs: pip install 'llm-provider-conformance[brotli]'")
        self._brotli = _brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._brotli.is_finished():
            return
        yield self._brotli.process(data, output_buffer_limit=_PIECE)
        while not self._brotli.can_accept_more_data():
            yield self._brotli.process(b"", output_buffer_limit=_PIECE)


class _Zstd:
    """One frame or several."""

    def __init__(self) -> None:
        self._zstd = _zstd()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            yield self._zstd.decompress(data, _PIECE)
            while not (self._zstd.eof or self._zstd.needs_input):
                yield self._zstd.decompress(b"", _PIECE)
            data = self._zstd.unused_data if self._zstd.eof else b""
            if self._zstd.eof:
                self._zstd = _zstd()


def _zstd() -> ZstdDecompressor:
    return ZstdDecompressor(options={DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})


_STAGES: Final[dict[str, Callable[[], _Stage]]] = {
    "gzip": lambda: _Inflate(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Inflate(zlib.MAX_WBITS | 16),
    "deflate": lambda: _Inflate(zlib.MAX_WBITS),
    "br": _Brotli,
    "zstd": _Zstd,
}
