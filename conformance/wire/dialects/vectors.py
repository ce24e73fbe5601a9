"""Vectors of an answer, in terms of no dialect: lists of numbers, or base64 of 32-bit floats, in one list a type.

Source: https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-encoding_format (read 2026-11-28);
openai 3.52.0 resources/embeddings.py reads base64 as little-endian float32, and so does https://docs.cohere.com/reference/embed
(read 2026-11-29; vLLM's server of that form writes it so).
"""

from __future__ import annotations

import base64
import binascii
from array import array
from sys import byteorder
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reply import NeutralForm
from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conformance.wire.dialects.reply import Operation, Reply, UsageReport
    from conformance.wire.dialects.tape import Envelope, TapePart
    from conformance.wire.exchange import Request

#: Why a text has no numbers in any type.
NO_BASE64: Final = "is no base64"
FLOAT_BYTES: Final = 4
#: Why an empty list is no vector.
EMPTY: Final = "is empty"
#: The integers of a type.
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "int8": (-128, 127),
    "uint8": (0, 255),
    "binary": (-128, 127),
    "ubinary": (0, 255),
}
#: How many dimensions one number of a type stands for.
PACKED: Final[Mapping[str, int]] = {"binary": 8, "ubinary": 8}


class Vector(NamedTuple):
    """One vector of an answer.

    `index` is as sent, `form` how it was written. `numbers` is empty where it could not be read; `why` then says so.
    """

    pointer: str
    index: Any
    form: Literal["float", "base64", "other"]
    numbers: tuple[float, ...]
    why: str = ""


class VectorList(NamedTuple):
    """The vectors of an answer in one type of numbers, in the order in which they stand; `type` is empty where the answer names none."""

    pointer: str
    type: str
    vectors: tuple[Vector, ...]

    def dimensions(self, vector: Vector) -> int:
        """Return how many dimensions a vector of the list has."""
        return len(vector.numbers) * PACKED.get(self.type, 1)


def vector(pointer: str, value: object, index: object = None) -> Vector:
    """Read one vector."""
    if isinstance(value, str):
        numbers, why = _decoded(value)
        return Vector(pointer, index, "base64", numbers, why)
    if isinstance(value, list) and value and all(_is_number(number) for number in value):
        return Vector(pointer, index, "float", tuple(float(number) for number in value))
    return Vector(pointer, index, "other", (), EMPTY if value == [] else "is no list of numbers")


def vector_list(pointer: str, values: object, *, type_: str = "", below: tuple[str, ...] = ()) -> Iterator[VectorList]:
    """Read a list of vectors, each at `below` in its entry; nothing where there is no list."""
    if isinstance(values, list):
        end = "".join(f"/{name}" for name in below)
        entries = [(f"{pointer}/{place}{end}", _below(value, below), value) for place, value in enumerate(values)]
        yield VectorList(
            pointer,
            type_,
            tuple(
                vector(at, value, entry.get("index") if isinstance(entry, dict) else None)
                for at, value, entry in entries
            ),
        )


def vector_decoder(
    operation_of: Callable[[Request], Operation],
    lists: Callable[[dict[str, Any]], Iterable[VectorList]],
    usage: Callable[[dict[str, Any]], UsageReport | None],
    names: Mapping[str, str],
) -> Decoder:
    """Return the decoder of a protocol that answers with vectors in one JSON body.

    Args:
        operation_of: which operation a request asks for.
        lists: the vectors of a body.
        usage: its counts of tokens; None where it has none.
        names: the members of its envelope, by `kind`, `id`, `model` and `created`.
    """

    def assemble(reply: Reply) -> None:
        for _, value in () if reply.errors else reply.chunks:
            reply.vectors.extend(lists(value))
            report = usage(value)
            if report is not None:
                reply.usages.append(report)
        reply.complete = bool(reply.chunks) and not reply.errors

    def envelopes(reply: Reply) -> Iterator[Envelope]:
        for event, value in () if reply.errors else reply.chunks:
            yield envelope(event, "", value, names)

    return Decoder(operation_of, assemble, NeutralForm(envelopes, _no_tape))


def _no_tape(reply: Reply) -> Iterator[TapePart]:  # noqa: ARG001 - the face
    yield from ()


def _below(value: object, names: tuple[str, ...]) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _decoded(text: str) -> tuple[tuple[float, ...], str]:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return (), NO_BASE64
    if not content or len(content) % FLOAT_BYTES:
        return (), f"is base64 of {len(content)} bytes"
    numbers = array("f", content)
    if byteorder == "big":
        numbers.byteswap()
    return tuple(numbers), ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
