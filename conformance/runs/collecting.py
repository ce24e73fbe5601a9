"""Python's collector of cycles, for a process that judges: what was judged has none, and is gone without it."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: New objects between two collections, and collections of a generation between two of the next. By default Python looks after every
#: 700 objects, less than one exchange makes: a seventh of an audit.
_SELDOM: Final = (50_000, 20, 20)


def collect_seldom() -> None:
    """Let this process collect seldom, for good; what it has imported is never looked through again."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Collect seldom while the block lasts."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
