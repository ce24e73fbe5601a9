"""Vectors of the emulated model: the same text has the same one, of length 1, and a shorter one is the beginning of the whole."""

from __future__ import annotations

import math
from array import array
from random import Random
from sys import byteorder


def vector(meaning: str, whole: int, length: int) -> list[float]:
    """Return the first numbers of a text's vector, scaled to length 1 (rounded to seven places).

    Args:
        meaning: everything that the vector depends on.
        whole: how many numbers the model's vectors have.
        length: how many are asked for.
    """
    rng = Random(meaning)  # noqa: S311 - drawn numbers are no secrets
    numbers = [rng.gauss(0.0, 1.0) for _ in range(whole)][:length]
    norm = math.sqrt(sum(number * number for number in numbers)) or 1.0
    return [round(number / norm, 7) for number in numbers]


def as_bytes(numbers: list[float]) -> bytes:
    """Return numbers as 32-bit floats, the least significant byte first."""
    values = array("f", numbers)
    if byteorder == "big":
        values.byteswap()
    return values.tobytes()


def as_integers(numbers: list[float], kind: str) -> list[int]:
    """Return numbers in a type of integers: a byte each, or the signs of eight in a byte, the first in the highest bit.

    Args:
        numbers: from -1 to 1.
        kind: int8, uint8, binary or ubinary. A signed byte of bits is the unsigned one less 128.
    """
    if kind in {"int8", "uint8"}:
        shift = 0 if kind == "int8" else 128
        return [max(-128, min(127, round(number * 127))) + shift for number in numbers]
    bits = [int(number > 0) for number in numbers]
    packed = [int("".join(map(str, bits[at : at + 8])).ljust(8, "0"), 2) for at in range(0, len(bits), 8)]
    return [byte - 128 for byte in packed] if kind == "binary" else packed
