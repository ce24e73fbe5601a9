"""The former name of `conformance.rules.views`, for one release: users' own rules import it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Final

from conformance.rules import views

#: Modules whose name changed with the room, by the former name.
_FORMER: Final = {
    "anthropic": "anthropic_messages",
    "anthropic_flow": "anthropic_messages_flow",
    "faults": "invalid_requests",
    "honoured": "parameters",
    "odd": "unusual_requests",
    "responses": "openai_responses",
    "responses_flow": "openai_responses_flow",
    "scripts": "writing_systems",
    "shape": "schema_views",
    "simple": "small_protocols",
}
_NAMES = {name: name for _, name, _ in pkgutil.iter_modules(views.__path__)} | _FORMER
for _former, _name in _NAMES.items():
    # The same module under both names: a view is cached by its function, so that there must not be two of it.
    _module = importlib.import_module(f"{views.__name__}.{_name}")
    sys.modules[f"{__name__}.{_former}"] = _module
    globals()[_former] = _module
