"""The whole stack in memory: a probe asked of an emulated target by our own client, without a socket."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import httpx

from conformance.asking.client import Client
from conformance.asking.limits import Budget, Pace
from conformance.emulator.app import Emulator
from conformance.probes import load_probes, probes_for
from conformance.probes.conversation import conversation
from conformance.providers import Target, load_providers
from conformance.providers.keys import auth_headers
from conformance.providers.target import stated_targets
from conformance.verdicts.observation import judged
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.emulator.response import Answered
    from conformance.providers import Provider
    from conformance.verdicts.observation import Observation

PROVIDERS = load_providers()
PROBES = load_probes()
NOW = 1_795_219_200.0  # 2026-11-21


class InMemory(httpx.BaseTransport):
    """Hands each request to an emulator and its pieces back, one read each. It waits for nothing."""

    def __init__(self, app: Emulator) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = self.app.answer(Request(request.method, str(request.url), headers, request.read()))
        return httpx.Response(answered.status, headers=dict(answered.headers), stream=_Pieces(answered))


class _Pieces(httpx.SyncByteStream):
    def __init__(self, answered: Answered) -> None:
        self._answered = answered

    def __iter__(self) -> Iterator[bytes]:
        yield from (piece for _, piece in self._answered.pieces)
        if self._answered.end != "clean":
            raise httpx.ReadError(self._answered.end)


def client(app: Emulator, http: httpx.Client | None = None) -> Client:
    """Return a client of an emulator, in memory or over a connection: any key works, and nothing is paced."""
    http = http or httpx.Client(transport=InMemory(app))
    auth = auth_headers(app.target, "sk-any")
    return Client(app.target, http, app.target.base_url, auth, {}, Budget(100_000), Pace(None), emulated=True)


def emulated_names(providers: Iterable[Provider]) -> list[str]:
    """Return the names of the targets whose answers the TOMLs state, as `default_target` reads them."""
    return sorted(_named(target, at) for each in providers for at, target in enumerate(stated_targets(each)))


def _named(target: Target, at: int) -> str:
    if at == 0:
        return target.provider.name
    return f"{target.provider.name}@{target.dialect}" + (
        f"/{target.model}" if target.known and target.known.dialects else ""
    )


def default_target(name: str) -> Target:
    """Return the target that a provider named alone stands for first; `provider@dialect` names another dialect, `/model` a model of it."""
    provider, _, rest = name.partition("@")
    dialect, _, model = rest.partition("/")
    found = PROVIDERS[provider]
    return Target(found, model or (*found.default_models, *found.models)[0], dialect or found.dialect)


def ask_all(target: Target, http: httpx.Client | None = None) -> list[Observation]:
    """Ask a target every probe that it can be asked, and return what each brought."""
    asking = client(Emulator(target, clock=lambda: NOW), http)
    askable, _ = probes_for(target, PROBES)
    return [judged(conversation(probe, asking.ask(probe))) for probe in askable]


@cache
def asked(provider: str) -> tuple[Observation, ...]:
    """Return what every probe brought from a provider's default target, asked once for all tests."""
    return tuple(ask_all(default_target(provider)))
