"""What reads texts of others costs as much more as there is more to read: counted in byte-code instructions, over texts made to be slow."""

from __future__ import annotations

import pytest

from tests.growth.readers import FAMILIES, READERS
from tests.growth.test_growth import instructions

_SHORT = 1200  # characters


@pytest.mark.parametrize("reader", READERS)
def test_twice_the_text_takes_twice_the_work(reader: str) -> None:
    read, grown = READERS[reader], {}
    for family, unit in FAMILIES.items():
        short, long = unit * (_SHORT // len(unit)), unit * (2 * (_SHORT // len(unit)))
        for text in (short, long):  # patterns are compiled, and shapes remembered, of both
            read(text)
        work = [instructions(lambda text=text: read(text)) for text in (short, long)]  # type: ignore[misc]
        if work[1] > 2.2 * work[0] + 500:  # some readers take a text of many words only
            grown[family] = work
    assert grown == {}
