"""A pytest fixture for tests of applications: `pytest_plugins = ["conformance.emulator.pytest_plugin"]` in a conftest.py.

def test_my_app_survives_a_cut_stream(provider_server):
    url = provider_server("groq", faults=["stream.cut"])
    client = OpenAI(base_url=url, api_key="any")
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from conformance.emulator import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def provider_server() -> Iterator[Callable[..., str]]:
    """Start an emulated provider and return its base URL; any key works. Takes what `server.provider_server` takes.

    The same call returns the same server, and all end with the session. Under pytest-socket the loopback has to be allowed:
    `--allow-hosts=127.0.0.1`.
    """
    with ExitStack() as started:
        running: dict[str, str] = {}

        def start(provider: str, **how: Any) -> str:  # noqa: ANN401 - passed on
            called = f"{provider} {sorted(how.items())}"
            if called not in running:
                running[called] = started.enter_context(server.provider_server(provider, **how))
            return running[called]

        yield start
