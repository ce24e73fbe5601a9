"""The quick searches for repeats find what plain ones do."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.rules.views.repeated_unit import _last_passage
from conformance.rules.views.repeats import doubled_piece

#: A text that ends in rounds of one passage, the last cut or whole, behind other words.
REPEATING = st.builds(
    lambda before, unit, times, cut: before + (unit * times)[: len(unit) * times - cut],
    st.text("ab ", max_size=30),
    st.text("abc d", min_size=1, max_size=40),
    st.integers(1, 90),
    st.integers(0, 5),
)


def by_every_period(tail: str, periods: range, fewest: int) -> str | None:
    for period in periods if len(tail) >= 400 else ():
        filled = max(400, 2 * period)
        if len(tail) < filled or tail[-filled:-period] != tail[period - filled :]:
            continue
        start = len(tail) - filled
        while start and tail[start - 1] == tail[start - 1 + period]:
            start -= 1
        times = (len(tail) - start) // period
        if times >= fewest and times * period >= 400:
            return tail[start : start + period]
    return None


@settings(max_examples=300, deadline=None)
@given(REPEATING, st.sampled_from([(range(6, 201), 8), (range(201, 1001), 4), (range(20, 60), 2)]))
def test_the_last_passage_is_that_of_the_shortest_period(text: str, what: tuple[range, int]) -> None:
    periods, fewest = what
    assert _last_passage(text, periods, fewest) == by_every_period(text, periods, fewest)


def by_groups(pieces: list[tuple[int | None, str]]) -> tuple[int | None, str] | None:
    row: list[tuple[int | None, str]] = []
    for text, group in groupby(pieces, key=lambda piece: piece[1]):
        members = list(group)
        row = [*row, (members[1][0], text)] if len(members) > 1 else []
        if len(row) >= 5 and len({piece for _, piece in row if any(map(str.isalpha, piece))}) >= 4:
            return row[0]
    return None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefg1,"), st.sampled_from([1, 2, 2, 2, 3])), max_size=40))
def test_doubled_pieces_are_found_where_they_begin(runs: list[tuple[str, int]]) -> None:
    texts = [text for text, times in runs for _ in range(times)]
    pieces: list[tuple[int | None, str]] = list(enumerate(texts))
    assert doubled_piece(pieces) == by_groups(pieces)
