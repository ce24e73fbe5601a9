"""Cases as functions that raise: each is run by itself, and becomes one line of JSON (`case_lines.py`)."""

from __future__ import annotations

import asyncio
import inspect
import os
from typing import TYPE_CHECKING, Any

from case_lines import print_case

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT, PROVIDER, MODEL = (os.environ[f"PEER_{name}"] for name in ("CLIENT", "PROVIDER", "MODEL"))
BASE_URL, ORIGIN = os.environ["PEER_BASE_URL"], os.environ["PEER_ORIGIN"]
CAPABILITIES = frozenset(os.environ["PEER_CAPABILITIES"].split(","))
KEY = "conformance-peer"

QUESTION = "What is the capital of France? Answer in one sentence."
WEATHER = "What is the weather in Paris?"
FACT = "18 degrees and sunny"
UNKNOWN_MODEL = "conformance-no-such-model"


class Cases:
    """The cases of one client, in the order in which they are written."""

    def __init__(self) -> None:
        self._cases: list[tuple[Callable[[], Any], frozenset[str]]] = []

    def __call__(self, *needs: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
        """Add a function; `needs` are capabilities of the model without which it is skipped."""

        def add(function: Callable[[], Any]) -> Callable[[], Any]:
            self._cases.append((function, frozenset(needs)))
            return function

        return add

    def run(self) -> None:
        """Run all and print their lines."""
        for function, needs in self._cases:
            missing = sorted(needs - CAPABILITIES)
            if missing:
                print_case(function.__name__, "skipped", f"the model has no {', '.join(missing)}")
                continue
            try:
                result = function()
                if inspect.iscoroutine(result):
                    asyncio.run(result)
            except Exception as error:
                print_case(function.__name__, "failed", f"{type(error).__name__}: {error}")
            else:
                print_case(function.__name__, "passed")


def refused(call: Callable[[], Any]) -> BaseException:
    """Return the exception that a call raises for a request that the provider refuses.

    Raises:
        AssertionError: it returns.
    """
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("a refused request brought no exception")
