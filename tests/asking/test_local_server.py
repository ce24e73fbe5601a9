"""The local server: a real one, that is there when it is wanted and gone when it is not."""

from __future__ import annotations

import io
import socket
from dataclasses import replace
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.asking import local_server
from conformance.asking.local_server import serve
from conformance.errors import UnusableInputError
from conformance.providers import Server, load_providers

if TYPE_CHECKING:
    from pathlib import Path

_SERVER = load_providers()["llamacpp"].server
assert _SERVER is not None
SERVER: Server = _SERVER

live_local = pytest.mark.live_local
needs_server = pytest.mark.skipif(find_spec("xllamacpp") is None, reason="xllamacpp is not installed: `make local`")
pytestmark = pytest.mark.enable_socket


def get(url: str, **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=10) as client:
        return client.get(url, headers={"connection": "close", **headers})


def refusal(server: Server = SERVER, **options: object) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught, serve(server, **options):  # type: ignore[arg-type]
        pass
    return caught.value


def test_without_the_extra_the_remedy_is_one_command() -> None:
    error = refusal(replace(SERVER, package="a_package_that_nobody_installed"))
    assert "needs a_package_that_nobody_installed" in error.what
    assert "make local" in (error.remedy or "")


@live_local
@needs_server
def test_it_answers_under_its_alias_and_takes_only_its_key() -> None:
    with serve(SERVER, model="tiny", api_key="sk-local") as url:
        assert url.startswith("http://127.0.0.1:")
        assert get(f"{url}/chat/completions").status_code == 401
        listed = get(f"{url}/models", authorization="Bearer sk-local").json()
        assert [model["id"] for model in listed["data"]] == ["tiny"]


@live_local
@needs_server
def test_it_is_gone_after_the_block() -> None:
    with serve(SERVER) as url:
        assert get(f"{url}/models").status_code == 200
    with pytest.raises(httpx.ConnectError):
        get(f"{url}/models")


@live_local
@needs_server
@pytest.mark.parametrize("end", [RuntimeError, KeyboardInterrupt])
def test_it_is_gone_after_an_error_too(end: type[BaseException]) -> None:
    def fail() -> None:
        with serve(SERVER) as url:
            raise end(url)

    with pytest.raises(end) as caught:
        fail()
    with pytest.raises(httpx.ConnectError):
        get(f"{caught.value}/models")


@live_local
@needs_server
def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is in use" in refusal(port=port).what


@live_local
@needs_server
def test_a_port_that_was_asked_for_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    with serve(SERVER, port=port) as url:
        assert url == f"http://127.0.0.1:{port}/v1"


class _Child:
    """A child that lives."""

    def poll(self) -> None:
        """It has no exit code."""


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("0.00.622 I load\nserving at http://127.0.0.1:3888\n0.00.623 I ", "http://127.0.0.1:3888"),
        ("0.00.622 I \nserving at http://127.0.0.1:3888\n", "http://127.0.0.1:3888"),
        ("serving at http://127.0.0.1:38", None),  # more of the port may follow
    ],
)
def test_the_address_is_a_whole_line_among_the_servers_log(
    monkeypatch: pytest.MonkeyPatch, printed: str, address: str | None
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(local_server, "_healthy", asked.append)  # which says None: not yet
    clock = SimpleNamespace(monotonic=iter([0.0, 0.0, 2.0]).__next__, sleep=lambda _: None)
    monkeypatch.setattr(local_server, "time", clock)
    with pytest.raises(UnusableInputError, match="did not answer within 1 s"):
        local_server._await(_Child(), io.StringIO(printed), 1.0)  # type: ignore[arg-type] # noqa: SLF001
    assert asked == ([address] if address else [])


@live_local
@needs_server
def test_missing_weights_are_named() -> None:
    assert "no weights other.gguf" in refusal(replace(SERVER, weights="other.gguf")).what


@live_local
@needs_server
def test_a_missing_template_is_named(tmp_path: Path) -> None:
    assert "cannot read the chat template" in refusal(templates=tmp_path).what


@live_local
@needs_server
def test_a_server_that_cannot_start_says_its_last_words() -> None:
    error = refusal(replace(SERVER, weights="__init__.py"))
    assert "ended with code 1" in error.what


@live_local
@needs_server
def test_a_server_that_is_not_ready_in_time_is_given_up() -> None:
    assert "did not answer within 0 s" in refusal(ready_within=0).what


@live_local
@needs_server
def test_a_start_that_hangs_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [0.0]
    await_ = local_server._await  # noqa: SLF001 - its first time is to be over at once

    def late_at_first(child: Any, out: Any, ready_within: float) -> str:
        return await_(child, out, limits.pop() if limits else ready_within)

    monkeypatch.setattr(local_server, "_await", late_at_first)
    with serve(SERVER) as url:
        assert get(f"{url}/models").status_code == httpx.codes.OK
    assert not limits
