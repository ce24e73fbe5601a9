"""Rules that are the grammar of one dialect: a module a dialect, by the dialect's one name."""

from __future__ import annotations

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
