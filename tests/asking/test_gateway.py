"""A gateway in front of a local server: started from data, known by its health, stopped with its block; each failure is one line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.asking import gateway as module
from conformance.asking.gateway import gateway_server
from conformance.errors import UnusableInputError
from conformance.providers.tables import Gateway

if TYPE_CHECKING:
    from pathlib import Path

#: A gateway that answers its health, and anything else with its configuration.
PROGRAM = f"""#!{sys.executable}
import pathlib, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"well" if self.path == "/health" else pathlib.Path(sys.argv[1]).read_bytes()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

if sys.argv[2] == "0":
    sys.exit("no port was given")
HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
"""
GATEWAY = Gateway(
    command=("fake", "{config}", "{port}"),
    models=("m",),
    upstream="llamacpp",
    ready="/health",
    config={"models": [{"name": "{model}", "at": "{upstream}", "key": "{upstream_key}"}], "key": "{key}"},
)
CALL = {"model": "m", "api_key": "sk-a", "upstream": "http://127.0.0.1:1/v1", "upstream_key": "sk-b"}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "bin" / "fake"
    path.parent.mkdir()
    path.write_text(PROGRAM, "utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    return path


@pytest.mark.enable_socket
@pytest.mark.usefixtures("program")
def test_a_gateway_gets_its_configuration_and_ends_with_the_block() -> None:
    with gateway_server(GATEWAY, **CALL) as base_url:
        config = json.loads(httpx.get(f"{base_url}/anything", trust_env=False).text)
    assert config == {"models": [{"name": "m", "at": "http://127.0.0.1:1/v1", "key": "sk-b"}], "key": "sk-a"}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/anything", trust_env=False)


@pytest.mark.enable_socket
@pytest.mark.usefixtures("program")
def test_a_gateway_that_ends_says_its_last_words() -> None:
    ends = Gateway(("fake", "{config}", "0"), ("m",), "llamacpp", "/health", {})
    with pytest.raises(UnusableInputError, match="ended with code 1: no port was given"), gateway_server(ends, **CALL):
        pass


def test_a_gateway_that_is_not_installed_names_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLDER", tmp_path / "none")
    with pytest.raises(UnusableInputError, match="`make gateway` installs it"), gateway_server(GATEWAY, **CALL):
        pass
