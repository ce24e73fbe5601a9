"""A conforming provider with faults: its probes asked by our own client, in memory or over real sockets."""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx

from conformance.asking.client import Client, Clock
from conformance.asking.limits import Budget, Pace
from conformance.emulator.app import Emulator
from conformance.emulator.faults.table import chosen
from conformance.emulator.loopback import loopback
from conformance.emulator.server import base_path
from conformance.probes import load_probes
from conformance.probes.conversation import conversation
from conformance.providers import Target, load_providers, parse_target
from conformance.providers.keys import auth_headers
from conformance.verdicts.observation import judged
from conformance.wire import deadline
from conformance.wire import transport as capture
from conformance.wire.exchange import EVIDENCE_HEADER, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from conformance.emulator.response import Answered
    from conformance.verdicts.observation import Observation

PROBES = load_probes()
NOW = 1_795_219_200.0  # 2026-11-21
CONFORMING = """\
name = "conforming"
extends = "openai-compatible"
base_url = "http://conforming.example/v1"
auth = { header = "Authorization", scheme = "Bearer", env = "CONFORMING_API_KEY" }
dialects = [
  "openai-responses", "anthropic-messages", "gemini", "ollama", "cohere", "bedrock-converse", "openai-completions", "embeddings",
  "cohere-embeddings", "gemini-embeddings", "ollama-embeddings", "openai-transcriptions",
]
default_models = ["steady"]
[models.steady]
capabilities = ["verbose_json", "transcript_text", "subtitles", "background"]
context = 4096
"""


@cache
def conforming(dialect: str | None = None) -> Target:
    """Return a target that answers as its dialect promises: OpenAI's chat completions where none is named."""
    at = f"@{dialect}" if dialect else ""
    with TemporaryDirectory() as folder:
        path = Path(folder, "conforming.toml")
        path.write_text(CONFORMING, "utf-8")
        return parse_target(f"conforming/steady{at}", load_providers(path))


class InMemory(httpx.BaseTransport):
    """Hands requests to an emulator. Its waits pass on a clock of its own, which stands for the client's."""

    def __init__(self, app: Emulator, *, live: bool) -> None:
        self.app = app
        self.live = live
        self.now = 0.0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; the header comes at once."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = self.app.answer(Request(request.method, str(request.url), headers, request.read()))
        assert not answered.raw, "raw bytes need a socket"
        kept = {name: value for name, value in answered.headers.items() if not self.live or name != EVIDENCE_HEADER}
        request.extensions["trace"]("http11.send_request_body.complete", {})
        deadline._ATTEMPT.reads += 1  # noqa: SLF001 - the read that brings the header
        request.extensions["trace"]("http11.receive_response_headers.complete", {})
        return httpx.Response(answered.status, headers=kept, stream=_Pieces(self, answered))


class _Pieces(httpx.SyncByteStream):
    def __init__(self, transport: InMemory, answered: Answered) -> None:
        self.transport, self.answered = transport, answered

    def __iter__(self) -> Iterator[bytes]:
        for number, (_, piece) in enumerate(self.answered.pieces):
            self.transport.now += self.answered.stalls.get(number, 0.0)
            yield piece
        if self.answered.end == "hang":
            raise httpx.ReadTimeout("nothing more came")
        if self.answered.end != "clean":
            raise httpx.ReadError(self.answered.end)


def emulator(target: Target, faults: Sequence[str]) -> Emulator:
    """Return an app with faults whose clock stands still."""
    found = chosen(faults)
    return Emulator(
        target,
        clock=lambda: NOW,
        request_faults=found.request_faults,
        faults=found.faults,
        transport_faults=found.transport_faults,
    )


def asked(
    target: Target, probe: str, http: httpx.Client, base_url: str | None = None, *, live: bool = False
) -> Observation:
    """Return what a probe brought. Nothing is paced, and no retry waits."""
    pace = Pace(None, sleep=lambda _: None)
    auth = auth_headers(target, "sk-any")
    clock = Clock(sleep=lambda _: None)
    asking = Client(
        target, http, base_url or target.base_url, auth, {}, Budget(100), pace, emulated=not live, clock=clock
    )
    return judged(conversation(PROBES[probe], asking.ask(PROBES[probe])))


def in_memory(
    target: Target, probe: str, faults: Sequence[str], monkeypatch: pytest.MonkeyPatch, *, live: bool = False
) -> Observation:
    """Ask a probe without a socket. `live` takes the label off the answers, so that their arrivals are judged."""
    transport = InMemory(emulator(target, faults), live=live)
    monkeypatch.setattr(capture.time, "monotonic_ns", lambda: int(transport.now * 1e9))
    monkeypatch.setattr(capture, "reads_so_far", count().__next__)  # no socket is read: each answer is as good as read
    with httpx.Client(transport=transport) as http:
        return asked(target, probe, http, live=live)


def fired(found: Observation) -> frozenset[str]:
    """Return every rule that found something, notes included."""
    return frozenset(each.rule for judgement in found.judgements for each in judgement.findings)


def over_sockets(target: Target, probe: str, faults: Sequence[str]) -> Observation:
    """Ask a probe over the loopback."""
    timeout = httpx.Timeout(10, read=0.5)  # shorter than any provider's: a fault that stays silent ends here
    with loopback(emulator(target, faults)) as address, httpx.Client(timeout=timeout, trust_env=False) as http:
        return asked(target, probe, http, address + base_path(target))
