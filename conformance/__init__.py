"""Conformance and regression tests for LLM providers.

The names of `__all__` are the public API: they stay where they are, and a change of one stands in CHANGELOG.md. What is not in
`__all__` may move. `docs/python.md` shows every name with an example. A name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from conformance.emulator.server import provider_server
    from conformance.errors import UnusableInputError
    from conformance.providers.registry import load_providers
    from conformance.providers.target import parse_target
    from conformance.rules import views
    from conformance.rules.table import Finding, Rate, Rule, Severity, rule
    from conformance.runs.api import audit, grounding, judge
    from conformance.wire.case import Case, Session
    from conformance.wire.exchange import Exchange, Request, Response, Timing

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Exchange",
    "Finding",
    "Rate",
    "Request",
    "Response",
    "Rule",
    "Session",
    "Severity",
    "Timing",
    "UnusableInputError",
    "audit",
    "grounding",
    "judge",
    "load_providers",
    "parse_target",
    "provider_server",
    "rule",
    "views",
]

#: The module of each public name.
_MODULES: Final = {
    "conformance.emulator.server": ("provider_server",),
    "conformance.errors": ("UnusableInputError",),
    "conformance.providers.registry": ("load_providers",),
    "conformance.providers.target": ("parse_target",),
    "conformance.rules": ("views",),
    "conformance.rules.table": ("Finding", "Rate", "Rule", "Severity", "rule"),
    "conformance.runs.api": ("audit", "grounding", "judge"),
    "conformance.wire.case": ("Case", "Session"),
    "conformance.wire.exchange": ("Exchange", "Request", "Response", "Timing"),
}
_HOME: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of any type (PEP 562)
    """Import a public name when it is first used, so that `import conformance` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    """Return the public names and those of the module itself."""
    return sorted({*globals(), *__all__})
