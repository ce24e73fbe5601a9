"""A line on one step of many, which need not stay where somebody watches."""

from __future__ import annotations

from typing import Self


class ProgressLine(str):
    """A line for people: on a terminal the next one may take its place.

    Attributes:
        done: how many steps are done, this one included.
        total: how many there are.
    """

    __slots__ = ("done", "total")

    done: int
    total: int

    def __new__(cls, line: str, done: int, total: int) -> Self:
        """Return the line with its place among the steps."""
        made = super().__new__(cls, line)
        made.done, made.total = done, total
        return made
