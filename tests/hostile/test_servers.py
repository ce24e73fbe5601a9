"""Claims about hostile servers, with tightened limits: each is left in time, with what came, and no error but the transport's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.asking.http import http_client
from conformance.recording.redaction import redact
from conformance.wire import transport
from conformance.wire.exchange import BROKEN_OFF, Request
from tests.hostile.bad_servers import SERVERS, answer
from tests.hostile.bad_transports import TRANSPORTS
from tests.hostile.servers import listening

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

#: What takes long to make or to read is measured by `python -m tests.hostile.servers`.
_HEAVY = ("MB", "million", "bomb", "99,999", "30,000", "gzip in gzip", "backslashes", "open tags", "a certificate")
SAMPLE = [name for name in (*SERVERS, *TRANSPORTS) if not any(word in name for word in _HEAVY)]


def asked(name: str, deadline: float) -> tuple[Exchange, int]:
    """Ask a server once; return the exchange and how many were led to the bait."""
    with listening({**SERVERS, **TRANSPORTS}[name]) as served, http_client(trust_env=False) as http:
        request = Request("POST", f"{served.url}/chat/completions", {"content-type": "application/json"}, b"{}")
        return redact(transport.send(http, request, name, decoded=True, deadline=deadline)), served.baited[0]


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", SAMPLE)
def test_a_hostile_server_is_left_in_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, value in (("MOST_BYTES", 1 << 17), ("MOST_READS", 2000), ("MOST_LINES", 4000)):
        monkeypatch.setattr(transport, limit, value)
    monkeypatch.setattr("conformance.wire.deadline.MOST_RAW", 1 << 19)
    monkeypatch.setattr("conformance.wire.deadline.MOST_AHEAD", 1 << 17)
    exchange, baited = asked(name, 0.15)
    assert baited == 0, "a redirect was followed"
    assert exchange.evidence == "live"
    assert exchange.response is None or len(exchange.response.body) <= 1 << 18


@pytest.mark.enable_socket
def test_an_honest_server_is_answered_by() -> None:
    """The control: what the servers above are asked brings a whole answer from one that behaves."""
    exchange, _ = asked("a cookie", 20)
    assert exchange.response is not None
    assert exchange.response.body == answer()
    assert BROKEN_OFF not in exchange.meta
