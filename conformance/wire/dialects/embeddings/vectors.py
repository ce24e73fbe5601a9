"""The inputs of an embeddings request, and the vectors of its answer: lists of numbers, or base64 of 32-bit floats.

Source: https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-encoding_format (read 2026-11-28);
openai 3.52.0 resources/embeddings.py reads base64 as little-endian float32.
"""

from __future__ import annotations

import base64
import binascii
from array import array
from sys import byteorder
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from conformance.wire.dialects.openai_completions import prompts as inputs
from conformance.wire.dialects.reading import objects

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply

__all__ = ["FLOAT_BYTES", "Vector", "inputs", "vectors"]

FLOAT_BYTES: Final = 4


class Vector(NamedTuple):
    """One vector of an answer.

    `index` is as sent, `form` how it was written. `numbers` is empty where it could not be read; `why` then says so.
    """

    pointer: str
    index: Any
    form: Literal["float", "base64", "other"]
    numbers: tuple[float, ...]
    why: str = ""


def vectors(reply: Reply) -> list[Vector]:
    """Return the vectors of an answer in the order in which they stand; none where it holds no list of them."""
    if not reply.chunks or reply.errors:
        return []
    return [_vector(item, position) for position, item in enumerate(objects(reply.chunks[0].value.get("data")))]


def _vector(item: dict[str, Any], position: int) -> Vector:
    at, index, value = f"/data/{position}/embedding", item.get("index"), item.get("embedding")
    if isinstance(value, str):
        numbers, why = _decoded(value)
        return Vector(at, index, "base64", numbers, why)
    if isinstance(value, list) and value and all(_is_number(number) for number in value):
        return Vector(at, index, "float", tuple(float(number) for number in value))
    return Vector(at, index, "other", (), "is no list of numbers")


def _decoded(text: str) -> tuple[tuple[float, ...], str]:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return (), "is no base64"
    if not content or len(content) % FLOAT_BYTES:
        return (), f"is base64 of {len(content)} bytes"
    numbers = array("f", content)
    if byteorder == "big":
        numbers.byteswap()
    return tuple(numbers), ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
