"""Claims about a closed network: while recorded evidence is judged nothing leaves this machine by a module of Python, whatever it imports."""

from __future__ import annotations

import _socket
import asyncio
import http.client
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.providers.keys import environment_without_keys
from conformance.runs.closed import NetworkClosedError, is_closed, network_closed

if TYPE_CHECKING:
    from collections.abc import Callable

    from world import World

ROOT = Path(__file__).parents[2]
#: Of the block for documentation (RFC 5737, read 2026-11-29): nobody would answer.
AWAY = ("192.0.2.1", 9)
OPENED: list[_socket.socket] = []


def _raw(kind: int = socket.SOCK_STREAM, family: int = socket.AF_INET) -> _socket.socket:
    made = _socket.socket(family, kind)
    made.settimeout(0)
    OPENED.append(made)
    return made


def _in_a_thread() -> None:
    caught: list[BaseException] = []

    def go() -> None:
        try:
            _raw().connect(AWAY)
        except NetworkClosedError as error:
            caught.append(error)

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    raise caught[0]


#: Ways out of a process of Python, pytest-socket's patch or not.
WAYS: dict[str, Callable[[], object]] = {
    "create_connection": lambda: socket.create_connection(AWAY, 0.1),
    "a name": lambda: socket.create_connection(("provider.example", 443), 0.1),
    "_socket": lambda: _raw().connect(AWAY),
    "connect_ex": lambda: _raw().connect_ex(AWAY),
    "IPv6": lambda: _raw(family=socket.AF_INET6).connect(("2001:db8::1", 9)),
    "mapped IPv4": lambda: _raw(family=socket.AF_INET6).connect(("::ffff:192.0.2.1", 9)),
    "a datagram": lambda: _raw(socket.SOCK_DGRAM).sendto(b"x", AWAY),
    "a message": lambda: _raw(socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, AWAY),
    "a datagram's connect": lambda: _raw(socket.SOCK_DGRAM).connect(AWAY),
    "getaddrinfo": lambda: _socket.getaddrinfo("provider.example", 443),
    "gethostbyname": lambda: _socket.gethostbyname("provider.example"),
    "gethostbyname_ex": lambda: _socket.gethostbyname_ex("provider.example"),
    "gethostbyaddr": lambda: _socket.gethostbyaddr("192.0.2.1"),
    "getnameinfo": lambda: _socket.getnameinfo(AWAY, 0),
    "http.client": lambda: http.client.HTTPConnection("192.0.2.1", 9, timeout=0.1).request("GET", "/"),
    "urllib": lambda: urllib.request.urlopen("http://192.0.2.1:9/", timeout=0.1),
    "httpx": lambda: httpx.get("http://192.0.2.1:9/", timeout=0.1, trust_env=False),
    "asyncio": lambda: asyncio.run(asyncio.wait_for(asyncio.open_connection(*AWAY), 0.1)),
    "another thread": _in_a_thread,
}


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", WAYS)
def test_no_way_leads_out(name: str) -> None:
    with (
        network_closed(),
        pytest.raises(NetworkClosedError, match=r"^socket\.\w+ to .* was refused: the network is closed"),
    ):
        WAYS[name]()
    while OPENED:
        OPENED.pop().close()
    assert not is_closed()


@pytest.mark.enable_socket
def test_this_machine_is_still_reached_and_afterwards_all_is_as_it_was() -> None:
    with network_closed(), socket.create_server(("127.0.0.1", 0)) as door:
        with socket.create_connection(("localhost", door.getsockname()[1]), 5):
            pass
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"x", ("127.0.0.1", 9))
        assert socket.getaddrinfo("::1", 1)
    with network_closed(unless="--live"):
        assert not is_closed()


RULES = """
import _socket
try:
    _socket.getaddrinfo("provider.example", 443)
    print("IT WENT OUT")
except OSError:
    print("IT WENT OUT")
"""


@pytest.mark.parametrize("words", [
    ["audit", "cassettes", "--rules", "leaving"],
    ["explain", "fake/m-choice.message_role", "--providers", "providers", "--rules", "leaving"],
    ["run", "--target", "fake/m", "--providers", "providers", "--rules", "leaving"],
    ["run", "--target", "fake/m", "--providers", "providers", "--rules", "leaving", "-n", "1"],
], ids=["audit", "explain", "run", "run -n"])  # fmt: skip
def test_a_rule_module_that_asks_for_a_name_ends_the_command_with_one_line(world: World, words: list[str]) -> None:
    if "-n" in words:
        pytest.importorskip("xdist")
    world.provider()
    world.cassette()
    world.write("leaving.py", RULES)
    result = world.call(*words, "--as-of", "2026-11-21")
    assert result.code == 3
    assert "IT WENT OUT" not in result.out
    assert "Traceback" not in result.out + result.err
    assert "the network is closed while recorded evidence is judged" in result.out + result.err


IN_A_RULE = """
from conformance.rules.table import Severity, rule
import _socket

@rule("content.leaving", over=lambda case: case.exchange.response, severity=Severity.ERROR, source="our house")
def leaving(response):
    '''An answer is as we like it.'''
    _socket.getaddrinfo("provider.example", 443)
    return ()
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_rule_that_asks_for_a_name_is_refused_in_every_process_of_an_audit(world: World, jobs: str) -> None:
    world.cassette()
    world.write("leaving_rule.py", IN_A_RULE)
    command = [sys.executable, "-m", "conformance", "audit", "cassettes", "--rules", "leaving_rule", "--jobs", jobs]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "the network is closed" in done.stdout + done.stderr
    assert done.returncode == 3


def test_a_child_that_asks_no_provider_gets_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAKE_API_KEY", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "DB_PASSWORD", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.setenv(name, "x")
    given = environment_without_keys()
    assert "PATH" in given
    assert not {name for name in given if name.endswith(("_KEY", "_TOKEN", "_PASSWORD", "_CREDENTIALS"))}
