"""A key that is known, in whatever coding it stands in a text: one expression for each, so that codings may mix."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Shorter keys (`none`, `ollama`) are words: replacing them everywhere would maim what was said.
SHORTEST: Final = 8
_LEAST: Final = 3
KEPT: Final = frozenset({INVALID_KEY, f"Bearer {INVALID_KEY}"})
#: What may stand between two characters of a coded key: the line ends of MIME, in the open or escaped, and the NULs of UTF-16.
_BETWEEN: Final = rb"(?:\x00{1,3}|=?(?:\r?\n|\\{1,4}r\\{1,4}n|\\{1,4}n)[ \t]{0,8})?"
_NAMES: Final = {ord("&"): b"amp", ord("<"): b"lt", ord(">"): b"gt", ord('"'): b"quot", ord("'"): b"apos"}


def own_patterns(secrets: Iterable[str]) -> tuple[re.Pattern[bytes], ...]:
    """Return the expressions that find these secrets in a text. Those that are shorter than 8 characters count as whole values.

    A short secret of letters alone is a word, and is looked for in no body.
    """
    wanted = {*secrets} - KEPT
    alone = {secret for secret in wanted if secret.partition(" ")[2] not in wanted - {""}}
    return _patterns(tuple(sorted(alone, key=lambda secret: (-len(secret), secret))))


@lru_cache(maxsize=64)
def _patterns(secrets: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    return tuple(pattern for secret in secrets for pattern in _of(secret))


def _of(secret: str) -> Iterator[re.Pattern[bytes]]:
    raw = secret.encode("utf-8", "surrogatepass")
    if len(secret) < SHORTEST:
        if len(secret) >= _LEAST and not secret.isalpha():
            yield re.compile(rb'(?<=["=\x27])' + _spelt(raw, between=b"") + rb'(?=\\{0,4}["&\x27\s]|\Z)')
        return
    yield re.compile(_spelt(raw))
    cores = dict.fromkeys(core for text in (raw, base64.b64encode(raw)) for core in _cores(text))
    for core in cores:
        if len(core) >= SHORTEST:
            yield re.compile(_spelt(core, exact=True))
    hexadecimal = rb"(?:[\s:,-]|\\{1,2}x|0x){0,2}".join(_hex(byte) for byte in raw)
    yield re.compile(hexadecimal)
    if len(raw) > 2 * SHORTEST:
        yield from map(re.compile, _cut(raw))


def _cut(raw: bytes) -> Iterator[bytes]:
    """Yield what finds a key whose middle is left out, as errors echo it: its first or last characters beside `...` or stars."""
    # Each way begins with a literal, so that the engine skips to one.
    cut = rb"(?:\.\.{1,7}|\xe2\x80\xa6|\\u2026|\*\*{1,59}|\xe2\x80\xa2(?:\xe2\x80\xa2){1,59}|xx{3,59}|XX{3,59})"
    head, tail = re.escape(raw[:3]), re.escape(raw[-2:])
    own = rb"[A-Za-z0-9_%s-]" % re.escape(bytes(sorted({*raw} - set(b'\r\n.*"\\ '))))
    heads = own + rb"{0,60}"
    yield head + heads + cut + own + rb"{0,60}" + tail + rb"(?![A-Za-z0-9_-])"
    yield re.escape(raw[:8]) + heads + cut
    yield cut + own + rb"{0,40}" + re.escape(raw[-4:]) + rb"(?![A-Za-z0-9_-])"


def _spelt(text: bytes, *, exact: bool = False, between: bytes = _BETWEEN) -> bytes:
    return between.join(_char(byte, exact=exact) for byte in text)


def _char(byte: int, *, exact: bool) -> bytes:
    """Return the spellings of a character: itself, in either case unless `exact`, and its escapes in JSON, HTML and URLs."""
    text = bytes([byte])
    plain = {text} if exact else {text, text.lower(), text.upper()}
    ways = [re.escape(way) for way in sorted(plain)]
    code = _hex(byte)
    ways += [rb"\\\\{0,3}u00" + code, rb"\\\\{0,3}x" + code, rb"%(?:25){0,2}" + code]
    ways.append(rb"&(?:amp;)?#(?:0{0,3}%d|[xX]0{0,4}%s);" % (byte, code))
    if byte in _NAMES:
        ways.append(rb"&(?:amp;)?" + _NAMES[byte] + rb";")
    if text in b"\"'\\/":
        ways.append(rb"\\\\{0,6}" + re.escape(text))
    if text == b" ":
        ways.append(rb"\+")
    return rb"(?:" + rb"|".join(ways) + rb")"


def _hex(byte: int) -> bytes:
    return b"".join(
        b"[%s]" % bytes(sorted({*digit.lower(), *digit.upper()})) if digit.isalpha() else digit
        for digit in _digits(byte)
    )


def _digits(byte: int) -> Iterator[bytes]:
    for digit in f"{byte:02x}":
        yield digit.encode("ascii")


def _cores(secret: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of a secret inside a longer text: without the characters that its neighbours decide."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + secret)
        core = encoded[-(-offset * 8 // 6) : (offset + len(secret)) * 8 // 6]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))
