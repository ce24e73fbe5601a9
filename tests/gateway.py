"""A gateway in memory before an emulated provider: some requests are answered as a test says, the others as the provider would."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from conformance.asking import target as asking
from conformance.asking.client import Client
from conformance.asking.limits import Pace
from conformance.emulator.app import Emulator
from conformance.probes import load_probes
from conformance.providers import Target, load_providers
from conformance.providers.keys import auth_headers
from conformance.rules.table import RULES, Severity
from conformance.runs.run import Run
from conformance.runs.settings import Settings
from conformance.wire.exchange import EVIDENCE_HEADER, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    from conformance.asking.limits import Budget
    from conformance.verdicts.ledger import Ledger

NOW = 1_795_219_200.0  # 2026-11-21
PROBES = load_probes()


@cache
def groq() -> Target:
    """Return a target with tools, streams and JSON Schema, and without deviations of its own."""
    provider = load_providers()["groq"]
    return Target(provider, provider.default_models[0], provider.dialect)


@dataclass
class Gateway(httpx.BaseTransport):
    """Answers as `fault` says, or else as the provider; `asked` remembers the bodies."""

    fault: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    asked: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the provider behind the gateway."""
        self.app = Emulator(groq(), clock=lambda: NOW)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        self.asked.append(request)
        answer = self.fault(request)
        if answer is not None:
            return answer
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = self.app.answer(Request(request.method, str(request.url), headers, request.read()))
        kept = {name: value for name, value in answered.headers.items() if name != EVIDENCE_HEADER}
        return httpx.Response(answered.status, headers=kept, content=b"".join(piece for _, piece in answered.pieces))


@dataclass
class Bench:
    """Runs over the gateway: live, recording, and offline."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    gateway: Gateway = field(default_factory=Gateway)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the gateway in the place of the network."""
        self.monkeypatch.setattr(asking, "connect", self._connect)

    @contextmanager
    def _connect(self, target: Target, _: Settings, budget: Budget) -> Iterator[Client]:
        with httpx.Client(transport=self.gateway) as http:
            pace = Pace(None, sleep=lambda _: None)
            yield Client(target, http, target.base_url, auth_headers(target, "sk-any"), {}, budget, pace)

    def run(self, *probes: str, **how: Any) -> Run:
        """Ask, or replay, and return the run."""
        known = {name: probe for name, probe in PROBES.items() if not probes or name in probes}
        settings = Settings(
            cassettes=self.folder / "cassettes",
            reports=self.folder / "reports",
            probes=known,
            targets=(groq(),),
            named=True,
            as_of=date(2026, 11, 21),
            fail_on=Severity.ERROR,
            max_requests=100_000,
            **how,
        )
        run = Run(settings, say=self.lines.append)
        if settings.live:
            run.ask({groq(): set(RULES)})
        return run

    def live(self, *probes: str) -> Run:
        """Ask without recording."""
        return self.run(*probes, live=True)

    def record(self, *probes: str, **how: Any) -> Run:
        """Ask and record."""
        return self.run(*probes, live=True, record=True, **how)

    def files(self) -> dict[str, bytes]:
        """Return every cassette that is replayed."""
        found = sorted((self.folder / "cassettes").rglob("*.yaml"))
        return {path.name: path.read_bytes() for path in found if not path.name.endswith(".refused.yaml")}


def ledger(run: Run, *rules: str) -> Ledger:
    """Return the ledger of all cells, or of some rules'."""
    return run.ledger([(groq(), RULES[rule]) for rule in rules or RULES if RULES[rule].speaks(groq().dialect)])


def verdicts(run: Run) -> dict[str, str]:
    """Return the verdict of every cell by its rule."""
    return {cell["rule"]: cell["verdict"] for cell in ledger(run).as_json()["cells"]}
