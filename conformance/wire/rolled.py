"""A sequence of which long runs of like items are made only when somebody looks into them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


class _Roll(NamedTuple):
    """A run: how many items stand before it, how many of those are told, and its size."""

    start: int
    told: int
    size: int


class Rolled(Sequence[T]):
    """Items in order. `told` are those that were added one by one; the others are made once, by whoever rolled them up.

    Args:
        items: the first items.

    Example:
        >>> numbers = Rolled([1, 2])
        >>> numbers.roll(3, lambda: [2, 2, 2])
        >>> numbers.append(5)
        >>> len(numbers), numbers.told, numbers[-1], list(numbers)
        (6, [1, 2, 5], 5, [1, 2, 2, 2, 2, 5])
    """

    __slots__ = ("_makers", "_rolls", "_size", "_whole", "told")

    def __init__(self, items: Iterable[T] = ()) -> None:
        self.told: list[T] = list(items)
        self._size = len(self.told)
        self._rolls: list[_Roll] = []
        self._makers: list[Callable[[], Iterable[T]]] = []
        self._whole: list[T] | None = None

    def append(self, item: T) -> None:
        """Add an item."""
        self.told.append(item)
        self._size += 1
        self._whole = None

    def extend(self, items: Iterable[T]) -> None:
        """Add items."""
        self.told.extend(items)
        self._size = len(self.told) + sum(roll.size for roll in self._rolls)
        self._whole = None

    def roll(self, count: int, make: Callable[[], Iterable[T]]) -> None:
        """Add as many items as `make` will return when somebody looks."""
        if count:
            self._rolls.append(_Roll(self._size, len(self.told), count))
            self._makers.append(make)
            self._size += count
            self._whole = None

    def __len__(self) -> int:
        """Return how many items there are, told or not."""
        return self._size

    def __iter__(self) -> Iterator[T]:
        """Iterate over every item."""
        return iter(self.whole)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return an item, or some in a row; none is made where all of them are told."""
        if not self._rolls:
            return self.told[index]
        if isinstance(index, slice):
            start, stop, step = index.indices(self._size)
            count = max(stop - start, 0)
            first = self._place(start)
            if step == 1 and first is not None and (not count or self._place(stop - 1) == first + count - 1):
                return self.told[first : first + count]
            return self.whole[index]
        at = index + self._size if index < 0 else index
        place = self._place(at) if 0 <= at < self._size else None
        return self.whole[index] if place is None else self.told[place]

    def __eq__(self, other: object) -> bool:
        """Whether the other holds the same items."""
        return list(self) == list(other) if isinstance(other, Rolled | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # it grows

    def __repr__(self) -> str:
        """Return the items as a list shows them."""
        return repr(self.whole)

    @property
    def whole(self) -> list[T]:
        """Every item, made and told."""
        if self._whole is None:
            if not self._rolls:
                return self.told
            whole: list[T] = []
            at = 0
            for roll, make in zip(self._rolls, self._makers, strict=True):
                whole += self.told[at : roll.told]
                whole += make()
                at = roll.told
            self._whole = whole + self.told[at:]
        return self._whole

    def _place(self, index: int) -> int | None:
        """Return where among the told items one stands; None where it is not told."""
        number = bisect_right(self._rolls, index, key=_start) - 1
        if number < 0:
            return index
        roll = self._rolls[number]
        behind = index - roll.start - roll.size
        return roll.told + behind if behind >= 0 else None


def _start(roll: _Roll) -> int:
    return roll.start
