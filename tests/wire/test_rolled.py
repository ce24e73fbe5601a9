"""A rolled sequence is the list that it stands for, whoever looks first, and makes nothing that nobody looks at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.rolled import Rolled

STEPS = st.lists(st.tuples(st.sampled_from(["append", "extend", "roll"]), st.lists(st.integers(), max_size=4)))


def built(steps: list[tuple[str, list[int]]]) -> tuple[Rolled[int], list[int]]:
    rolled: Rolled[int] = Rolled()
    plain: list[int] = []
    for how, items in steps:
        if how == "append":
            for item in items:
                rolled.append(item)
        elif how == "extend":
            rolled.extend(items)
        else:
            rolled.roll(len(items), lambda items=items: items)  # type: ignore[misc] # bound at once
        plain += items
    return rolled, plain


@given(STEPS, st.integers(-15, 15), st.integers(-15, 15) | st.none(), st.sampled_from([None, 1, 2, -1]))
def test_it_gives_what_a_list_gives(
    steps: list[tuple[str, list[int]]], start: int, stop: int | None, step: int | None
) -> None:
    rolled, plain = built(steps)
    assert len(rolled) == len(plain)
    assert rolled[start:stop:step] == plain[start:stop:step]
    if -len(plain) <= start < len(plain):
        assert rolled[start] == plain[start]
    else:
        with pytest.raises(IndexError):
            rolled[start]
    assert rolled == plain
    assert list(reversed(rolled)) == plain[::-1]
    assert rolled.told == [item for how, items in steps if how != "roll" for item in items]


def test_what_is_told_is_given_without_making_the_rest() -> None:
    rolled = Rolled([1, 2])
    rolled.roll(2, lambda: pytest.fail("was made"))
    rolled.extend([5, 6])
    assert (len(rolled), rolled[0], rolled[-1], rolled[4], rolled[0:2], rolled[4:]) == (6, 1, 6, 5, [1, 2], [5, 6])
