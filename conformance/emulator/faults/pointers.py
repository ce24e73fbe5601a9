"""Changing JSON at a pointer, without touching the original: RFC 6901 (read 2026-11-21), where `*` is every item or member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a change returns for a member that is to go, and what is returned where a pointer leads nowhere.
GONE: Final = object()
MISSED: Final = object()


def edited(value: Any, pointer: str, change: Callable[[Any], Any], *, new: bool = False) -> Any:  # noqa: ANN401 - any JSON
    """Return a copy with each value at the pointer replaced by what `change` makes of it; MISSED where there is none.

    Args:
        value: any JSON.
        pointer: `/choices/*/delta/content`; empty for the whole.
        change: gets the value, or None for a member that `new` adds; `GONE` takes the member away.
        new: a member that is missing is added, where what should hold it is there.
    """
    return _edited(value, pointer.split("/")[1:], change, new=new)


def _edited(value: Any, steps: list[str], change: Callable[[Any], Any], *, new: bool) -> Any:  # noqa: ANN401 - any JSON
    if not steps:
        return change(value)
    key, *rest = steps
    if isinstance(value, dict):
        names = list(value) if key == "*" else [key] if key in value or (new and not rest) else []
        changed = {name: _edited(value.get(name), rest, change, new=new) for name in names}
        hits = {name: item for name, item in changed.items() if item is not MISSED}
        return {name: item for name, item in {**value, **hits}.items() if item is not GONE} if hits else MISSED
    if isinstance(value, list):
        places = range(len(value)) if key == "*" else [int(key)] if key.isdigit() and int(key) < len(value) else []
        result = {at: _edited(value[at], rest, change, new=new) for at in places}
        hit = {at: item for at, item in result.items() if item is not MISSED}
        items = [hit.get(at, item) for at, item in enumerate(value)]
        return [item for item in items if item is not GONE] if hit else MISSED
    return MISSED
