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
