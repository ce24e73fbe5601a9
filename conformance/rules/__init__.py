"""The rule table. Importing this package registers every built-in rule."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

_WITHOUT_RULES: Final = {"judging", "registry", "schema_findings", "standing", "table", "views"}

for _module in pkgutil.iter_modules(__path__):
    if _module.name not in _WITHOUT_RULES:
        importlib.import_module(f"{__name__}.{_module.name}")
