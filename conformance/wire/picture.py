"""A small picture of our own, as a PNG file of one colour, and what is wrong with a picture that stands in a request.

Source: https://www.w3.org/TR/png-3/ (PNG 5.2 signature, 5.3 chunks, 11.2 IHDR, IDAT and IEND; read 2026-11-29); RFC 4648 4 and 5.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from typing import Final

SIDE: Final = 64  # pixels: some services refuse a picture of less than 512 pixels in all
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: How files begin that services take for pictures: PNG, JPEG, GIF, BMP, TIFF; WebP lies in a RIFF file, HEIC and AVIF in an ISO one.
_STARTS: Final = (_SIGNATURE[:4], b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_BOX: Final = slice(4, 8)
_INLINE: Final = re.compile(r"data:[^,]*;base64,(.*)\Z", re.DOTALL)
#: Both alphabets; line breaks are taken, and the padding may be missing.
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\s-]*={0,2}\s*")
_USUAL_ALPHABET: Final = str.maketrans("-_", "+/")
#: What recorders and people write in the place of bytes that they leave out: `<image>`, `[REDACTED]`, `***`, `iVBORw0...`.
_LEFT_OUT: Final = re.compile(r"[<>\[\](){}*%$#…]|\.\.")


def png(rgb: tuple[int, int, int], side: int = SIDE) -> bytes:
    """Return a PNG file of one colour.

    Args:
        rgb: red, green and blue, each from 0 to 255.
        side: the width and the height in pixels.
    """
    row = b"\0" + bytes(rgb) * side  # 0: no filter
    header = struct.pack(
        ">IIBBBBB", side, side, 8, 2, 0, 0, 0
    )  # 8 bits a sample, three samples a pixel, not interlaced
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def data_url(content: bytes, media_type: str = "image/png") -> str:
    """Return the address that holds a file itself (RFC 2397)."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def content_of(url: str) -> bytes | None:
    """Return the bytes that an address holds itself; None where it holds none, or no base64."""
    inline = _INLINE.match(url)
    if inline is None or not _BASE64.fullmatch(inline[1]):
        return None
    text = "".join(inline[1].split()).translate(_USUAL_ALPHABET).rstrip("=")
    return base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + "=" * (-len(text) % 4))


def fault_of_picture(url: str) -> str | None:
    """Say what is wrong with the bytes that an address holds: no base64, or no picture. None for sound ones and for other addresses."""
    inline = _INLINE.match(url)
    if inline is None:
        return None
    content = content_of(url)
    if content is None:
        return "no base64"
    return None if content.startswith(_STARTS) or content[_BOX] == b"ftyp" else "no picture"


def is_left_out(url: str) -> bool:
    """Whether a recorder, or a person, left out the bytes that an address holds."""
    inline = _INLINE.match(url)
    return inline is not None and _LEFT_OUT.search(inline[1]) is not None
