"""Our pictures are PNG files, and what stands in a request is told apart: a picture, other bytes, no base64, or nothing that we have."""

from __future__ import annotations

import struct
import zlib

import pytest

from conformance.wire.picture import SIDE, content_of, data_url, fault_of_picture, is_left_out, png


def test_a_picture_of_ours_is_a_png_file_of_one_colour() -> None:
    content = png((220, 20, 20), side=3)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (3, 3, 8, 2, 0, 0, 0)
    assert zlib.decompress(chunks[b"IDAT"]) == (b"\0" + bytes((220, 20, 20)) * 3) * 3


def test_a_picture_of_ours_is_small_and_has_pixels_enough() -> None:
    assert len(png((1, 2, 3))) < 200
    assert SIDE * SIDE > 512


def test_the_bytes_of_an_address_read_back() -> None:
    content = png((0, 0, 0))
    address = data_url(content)
    assert content_of(address) == content
    assert (
        content_of(address.replace("+", "-").replace("/", "_").rstrip("=").replace("image_png", "image/png")) == content
    )


SOUND = {
    "png": data_url(png((9, 9, 9))),
    "jpeg": "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ==",
    "gif": "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///w==",
    "webp": "data:image/webp;base64,UklGRiQAAABXRUJQVlA4",
    "heic": "data:image/heic;base64,AAAAGGZ0eXBoZWlj",
    "url-safe": "data:image/jpeg;base64,_9j_4AAQSkZJRgABAQ",
    "lines": "data:image/png;base64,iVBORw0K\nGgoAAAAN\n",
    "an address": "https://h.example/a.png",
    "a file of the provider": "gs://bucket/a.png",
    "nothing": "",
}


@pytest.mark.parametrize("address", SOUND.values(), ids=SOUND)
def test_a_picture_and_an_address_have_no_fault(address: str) -> None:
    assert fault_of_picture(address) is None


@pytest.mark.parametrize(
    ("data", "fault"),
    [("no!!!", "no base64"), ("iVBOR&w0KGgo=", "no base64"), ("=iVBOR", "no base64"), ("", "no picture"), ("AA==", "no picture"),
     ("aGVsbG8gd29ybGQ=", "no picture"), ("A", "no picture")],
)  # fmt: skip
def test_other_bytes_have_a_fault(data: str, fault: str) -> None:
    assert fault_of_picture(f"data:image/png;base64,{data}") == fault


@pytest.mark.parametrize("data", ["<image>", "[REDACTED]", "***", "iVBORw0...", "{{picture}}", "$IMAGE", "…"])
def test_what_a_recorder_wrote_in_the_place_of_bytes_is_left_out(data: str) -> None:
    assert is_left_out(f"data:image/png;base64,{data}")


@pytest.mark.parametrize("data", ["no!!!", "iVBORw0KGgo=", "not_valid_base64_data!!!"])
def test_bytes_that_somebody_sent_are_not_left_out(data: str) -> None:
    assert not is_left_out(f"data:image/png;base64,{data}")
