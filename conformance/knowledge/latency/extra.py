"""The extra `[latency]`: numpy and scipy (216 MB), which only latency verdicts and plots need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from conformance.errors import UnusableInputError

_PACKAGES: Final = ("numpy", "scipy")
REMEDY: Final = "pip install 'llm-provider-conformance[latency]'"


def missing() -> str:
    """Return which packages latency verdicts lack; empty where all are installed."""
    absent = [name for name in _PACKAGES if find_spec(name) is None]
    return f"latency verdicts need {' and '.join(absent)}" if absent else ""


def require() -> None:
    """Return where latency can be judged.

    Raises:
        UnusableInputError: numpy or scipy is not installed.
    """
    if why := missing():
        raise UnusableInputError(why, remedy=REMEDY)
