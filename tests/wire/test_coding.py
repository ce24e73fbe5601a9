"""Claims about content codings: each is undone, however its bytes are cut, and a bomb ends at the limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from backports import zstd

from conformance.wire.coding import CodingError, Decoder, TooLargeError, decoded

BODY = b'{"choices": [{"index": 0}]}' * 400
LIMIT = 2 << 20
ZEROS = bytes(64 << 20)


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


CODED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY[:999]) + gzip.compress(BODY[999:]),
    "deflate": zlib.compress(BODY),
    "br": brotli.compress(BODY),
    "zstd": zstd.compress(BODY[:999]) + zstd.compress(BODY[999:]),
    "gzip, br": brotli.compress(gzip.compress(BODY)),
    "identity": BODY,
    "aws-chunked": BODY,
}
BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "br": brotli.compress(ZEROS, quality=9),
    "br, br": brotli.compress(brotli.compress(ZEROS, quality=9)),
    "zstd": zstd.compress(ZEROS),
    "gzip, gzip": gzip.compress(gzip.compress(ZEROS)),
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_a_coding_is_undone_however_its_bytes_are_cut(coding: str, step: int) -> None:
    decoder, data = Decoder(coding), CODED[coding]
    pieces = (data[start : start + step] for start in range(0, len(data), step))
    assert b"".join(piece for part in pieces for piece in decoder.feed(part)) == BODY


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_deflate_without_its_frame_is_undone_too(step: int) -> None:
    decoder, data = Decoder("deflate"), _raw_deflate(BODY)
    pieces = (data[start : start + step] for start in range(0, len(data), step))
    assert b"".join(piece for part in pieces for piece in decoder.feed(part)) == BODY


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_ends_at_the_limit_and_never_stands_in_memory(coding: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match="become"):
            decoded(coding, BOMBS[coding], LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 5 * LIMIT
    finally:
        tracemalloc.stop()


def test_a_small_answer_that_grows_too_much_is_a_bomb_below_the_limit() -> None:
    with pytest.raises(TooLargeError):
        decoded("gzip", gzip.compress(bytes(8 << 20)), 16 << 20)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_in_its_coding_is_an_error(coding: str) -> None:
    with pytest.raises(CodingError):
        decoded(coding, b"\xff not coded at all")


def test_more_codings_than_anybody_applies_are_an_error() -> None:
    with pytest.raises(CodingError, match="9 content codings"):
        Decoder(", ".join(["gzip"] * 9))


def test_a_truncated_body_gives_what_can_be_read() -> None:
    assert BODY.startswith(decoded("gzip", CODED["gzip"][:-9]))
