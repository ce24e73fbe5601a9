"""Packages whose modules are loaded when a name of theirs is used: the judge of pages costs a start that most commands do without."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def loader(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a package's `__getattr__` (PEP 562).

    Args:
        package: its `__name__`.
        homes: the module that holds each name; a module's own name stands for the module.
    """

    def load(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{homes[name]}")
        return module if name == homes[name] else getattr(module, name)

    return load
