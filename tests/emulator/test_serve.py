"""`conformance serve` as a user starts it: one line to point a client at, over real HTTP, until Ctrl-C."""

from __future__ import annotations

import signal
import socket

import httpx
import pytest
from serving import serving

from conformance.cli import main

pytestmark = pytest.mark.enable_socket


def test_it_answers_any_key_and_ctrl_c_ends_it_with_0() -> None:
    with serving("--as", "groq", "--speed", "1000") as (url, started), httpx.Client(trust_env=False) as http:
        body = {"model": "openai/gpt-oss-120b", "stream": True, "messages": [{"role": "user", "content": "Hello!"}]}
        answer = http.post(f"{url}/chat/completions", json=body, headers={"authorization": "Bearer any"})
        assert url.endswith("/openai/v1")
        assert answer.headers["x-conformance-evidence"] == "emulated"
        assert answer.text.endswith("data: [DONE]\n\n")
        started.send_signal(signal.SIGINT)
        assert started.wait(10) == 0
        assert started.stderr is not None
        assert started.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "either --as PROVIDER or --replay PATH"),
        (("--as", "groq", "--replay", "cassettes"), "either --as PROVIDER or --replay PATH"),
        (("--replay", "cassettes", "--fault", "stream.cut"), "leave them out with --replay"),
        (("--as", "groq", "--fault", "stream.cot"), "did you mean stream.cut"),
        (("--as", "grok"), "provider 'grok' is unknown"),
        (("--as", "groq", "--speed", "0"), "--speed 0 never ends"),
        (("--as", "groq", "--host", "no.such.host.invalid"), "cannot listen"),
        (("--as", "groq", "--port", "99999"), "--port 99999 is no port"),
        (("--all", "--as", "groq"), "either --as PROVIDER or --replay PATH"),
        (("--all", "--model", "m"), "leave them out with --all"),
        (("--all", "--cors", "localhost"), "--cors: 'localhost' is no origin"),
        (("--all", "--cors", "http://a.example/path"), "is no origin"),
        (("--all", "--fault", "flaky.one_in_thre"), "did you mean flaky.one_in_three"),
        (("--replay", "cassettes", "--scenario", "x.toml"), "leave them out with --replay"),
    ],
)
def test_what_cannot_be_served_is_one_line_and_exit_3(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 3
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_port_in_use_is_one_line_and_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--as", "groq", "--port", str(port)]) == 3
    assert f"127.0.0.1:{port}: cannot listen: " in capsys.readouterr().err
