"""A pytest fixture for tests of applications: `pytest_plugins = ["conformance.emulator.pytest_plugin"]` in a conftest.py.

def test_my_app_survives_a_cut_stream(provider_server):
    url = provider_server("groq", faults=["stream.cut"])
    client = OpenAI(base_url=url, api_key="any")
"""

from __future__ import annotations

from contextlib import ExitStack
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import pytest

from conformance.emulator import server
from conformance.errors import UnusableInputError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ARGUMENTS: Final = tuple(signature(server.provider_server).parameters)[1:]


@pytest.fixture(scope="session")
def provider_server() -> Iterator[Callable[..., str]]:
    """Start an emulated provider and return its base URL; any key works. Takes what `server.provider_server` takes.

    The same call returns the same server, and all end with the session. Under pytest-socket the loopback has to be allowed:
    `--allow-hosts=127.0.0.1`.
    """
    with ExitStack() as started:
        running: dict[str, str] = {}

        def start(provider: str, **how: Any) -> str:  # noqa: ANN401 - passed on
            __tracebackhide__ = True  # a slip is the test's: its line and ours are all that a reader needs
            for name in how:
                if name not in _ARGUMENTS:
                    what = f"provider_server has no argument {name!r}"
                    raise UnusableInputError(what, remedy=suggest(name, _ARGUMENTS))
            called = f"{provider} {sorted(how.items())}"
            if called not in running:
                try:
                    running[called] = started.enter_context(server.provider_server(provider, **how))
                except UnusableInputError as error:
                    raise error.with_traceback(None) from None
            return running[called]

        yield start
