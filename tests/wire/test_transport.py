"""Claims about the one transport: what it stamps, on which connection, whom it believes, and that nobody holds it up."""

from __future__ import annotations

import ast
import socket
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import httpx
import pytest

import conformance
from conformance.wire.deadline import clipped
from conformance.wire.exchange import BROKEN_OFF, CLAIM, EVIDENCE_HEADER, Exchange, Request
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE = Path(conformance.__file__).parent
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
STATUS_LINE = b"HTTP/1.1 200 O" + b"K" * 9_000
INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n" * 500
HEADERS = b"HTTP/1.1 200 OK\r\n" + b"x-drip: 1\r\n" * 900
CHUNK_SIZE = b"0" * 4_000
BOMB = brotli.compress(brotli.compress(bytes(64 << 20), quality=9))
BODY = b"1\r\nx\r\n" * 2_000


class Loopback:
    """Answers the requests of one connection: `whole` at once, the next one by `head` and `drip`, `step` bytes a time.

    It drips until the client closes the connection; `left` says that it did.
    """

    def __init__(self, *whole: bytes, head: bytes = b"", drip: bytes = b"", step: int = 1) -> None:
        self.whole, self.head, self.drip, self.step = whole, head, drip, step
        self.left = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1/models"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, suppress(ConnectionError):
            for answer in self.whole:
                connection.recv(1 << 16)
                connection.sendall(answer)
            if connection.recv(1 << 16):
                connection.sendall(self.head)
                connection.settimeout(0.01)
                for start in range(0, len(self.drip), self.step):
                    if _has_left(connection):
                        break
                    connection.sendall(self.drip[start : start + self.step])
                else:
                    return
        self.left.set()

    def close(self) -> None:
        """Take no further connection."""
        self._listener.close()
        self._thread.join(10)


def _has_left(connection: socket.socket) -> bool:
    """Wait a moment for the client to close the connection."""
    try:
        return not connection.recv(1 << 16)
    except TimeoutError:
        return False


@contextmanager
def loopback(*whole: bytes, head: bytes = b"", drip: bytes = b"", step: int = 1) -> Iterator[Loopback]:
    server = Loopback(*whole, head=head, drip=drip, step=step)
    try:
        yield server
    finally:
        server.close()


def ask(http: httpx.Client, url: str, deadline: float = 30.0) -> Exchange:
    return send(http, Request("GET", url), decoded=False, deadline=deadline)


def answered(headers: Sequence[tuple[str, str]], *, emulated: bool = False) -> Exchange:
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, json={}))) as http:
        return send(http, Request("GET", "https://fake.example/v1/models"), decoded=True, emulated=emulated)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("head", "drip", "step"),
    [
        pytest.param(b"", STATUS_LINE, 1, id="status-line"),
        pytest.param(b"", INTERIM, 27, id="1xx"),
        pytest.param(b"", HEADERS, 3, id="headers"),
        pytest.param(CHUNKED, CHUNK_SIZE, 1, id="chunk-size"),
        pytest.param(CHUNKED, BODY, 6, id="body"),
    ],
)
def test_a_server_that_drips_is_left_at_the_deadline(head: bytes, drip: bytes, step: int) -> None:
    with loopback(head=head, drip=drip, step=step) as server, httpx.Client(trust_env=False, timeout=20) as http:
        exchange = ask(http, server.url, deadline=0.3)
        assert server.left.wait(10), "the connection is closed while the client lives on"
    assert exchange.meta["error"].endswith("broken off after 0.3 seconds")
    assert (exchange.response is not None) is bool(head)
    assert exchange.response is None or exchange.response.eof == "timeout"


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("whole", "limit"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5 << 20), "4194304 bytes", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"data:\n\n" * 33_000, "65536 lines", id="lines"),
        pytest.param(CHUNKED + b"1\r\nx\r\n" * 140_000, "131072 pieces", id="pieces"),
        pytest.param(INTERIM * 100, "before its headers were whole", id="1xx"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-encoding: br, br\r\n\r\n" + BOMB, "of br, br become", id="bomb"),
    ],
)
def test_a_server_that_sends_without_end_is_left_at_a_limit(whole: bytes, limit: str) -> None:
    with loopback(whole) as server, httpx.Client(trust_env=False) as http:
        exchange = send(http, Request("GET", server.url), decoded=True)
    assert limit in exchange.meta[BROKEN_OFF]
    assert exchange.response is None or (exchange.response.eof == "timeout" and len(exchange.response.body) <= 1 << 20)


@pytest.mark.enable_socket
def test_a_surplus_answer_is_nobodys() -> None:
    surplus = OK + OK.replace(b"{}", b"[]")
    with loopback(surplus, OK) as server, httpx.Client(trust_env=False) as http:
        ask(http, server.url)
        second = ask(http, server.url)
    assert second.response is None
    assert "before it was asked for" in second.meta["error"]


@pytest.mark.enable_socket
def test_a_kept_connection_has_the_deadline_of_its_second_request_too() -> None:
    with loopback(OK, drip=HEADERS) as server, httpx.Client(trust_env=False, timeout=20) as http:
        first, second = ask(http, server.url), ask(http, server.url, deadline=0.3)
    assert first.response is not None
    assert (first.meta["reused"], second.meta["reused"]) == (False, True)
    assert second.response is None
    assert "broken off after 0.3 seconds" in second.meta["error"]


@pytest.mark.enable_socket
def test_instants_are_seconds_from_t0_in_the_order_of_what_happened() -> None:
    with loopback(OK, OK) as server, httpx.Client(trust_env=False) as http:
        cold, warm = ask(http, server.url).timing, ask(http, server.url).timing
    assert cold is not None
    assert warm is not None
    assert cold.connect is not None
    assert (cold.tls, warm.connect, warm.tls) == (None, None, None)
    for timing in (cold, warm):
        marks = [timing.connect, timing.sent, timing.headers, *(at for at, _ in timing.chunks), timing.end]
        instants = [mark for mark in marks if mark is not None]
        assert instants == sorted(instants)
        assert instants[0] >= 0


def test_no_timeout_of_httpx_is_longer_than_the_attempt() -> None:
    assert clipped({"connect": 10.0, "read": 120.0, "write": None}, 60.0) == {
        "connect": 10.0,
        "read": 60.0,
        "write": 60.0,
        "pool": 60.0,
    }


def test_only_a_server_that_is_known_to_be_ours_is_an_emulator() -> None:
    claimed = answered([(EVIDENCE_HEADER, "emulated")])
    ours = answered([(EVIDENCE_HEADER, "emulated")], emulated=True)
    assert (claimed.evidence, claimed.meta[CLAIM]) == ("live", "emulated")
    assert (ours.evidence, CLAIM in ours.meta) == ("emulated", False)
    for exchange in (claimed, ours):
        assert exchange.response is not None
        assert EVIDENCE_HEADER not in exchange.response.headers


@pytest.mark.parametrize(("decoded", "coding"), [(False, "identity"), (True, None)])
def test_a_timed_answer_is_asked_for_without_a_coding(decoded: bool, coding: str | None) -> None:  # noqa: FBT001
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=iter([b"{}"])))) as http:
        exchange = send(http, Request("GET", "https://fake.example/v1/models"), decoded=decoded)
    assert exchange.request.headers.get("accept-encoding") == coding


def test_one_module_stamps_an_answer() -> None:
    """Timing is made by the transport, by what reads stored figures, and by nobody else."""
    importers = {f"recording/importers/{name}" for name in ("har.py", "jsonl.py", "spans/calls.py")}
    readers = {"recording/block.py", "recording/notes.py", *importers}
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Timing"
    }
    assert sorted(makers - readers) == ["wire/transport.py"]
