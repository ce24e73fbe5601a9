"""A small sound of our own: tones or silence, as a WAV file (RIFF, PCM, 16 bits, one channel).

Source: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0", chapter WAVE, by way of Python's `wave` (3.11).
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from sys import byteorder
from typing import Final

_RATE: Final = 8000  # samples a second: the least that speech services take
_LOUD: Final = 8000  # of 32,767


def wav(seconds: float = 0.5, tones: tuple[float, ...] = (440.0,)) -> bytes:
    """Return a WAV file.

    Args:
        seconds: its length.
        tones: frequencies in hertz, one after the other in equal parts; 0 is silence.
    """
    count = int(seconds * _RATE)
    share = max(count // max(len(tones), 1), 1)
    frequencies = (tones[min(at // share, len(tones) - 1)] if tones else 0.0 for at in range(count))
    samples = array(
        "h", (int(_LOUD * math.sin(2 * math.pi * hertz * at / _RATE)) for at, hertz in enumerate(frequencies))
    )
    if byteorder == "big":
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def seconds_of(content: bytes) -> float | None:
    """Return how long a WAV file lasts; None where the bytes are none."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
