"""Asking one target its probes: its server or address, its key, and what becomes of each answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import httpx

from conformance.client import Budget, BudgetSpentError, Client, Pace
from conformance.emulator.app import Emulator
from conformance.emulator.server import emulated_http
from conformance.errors import UnusableInputError
from conformance.observe import observation, why_unusable
from conformance.providers.keys import auth_headers, key_of
from conformance.recording.local_server import serve
from conformance.recording.redaction import redact
from conformance.verdict import Observation

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence

    from conformance.address import Address
    from conformance.exchange import Exchange
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.store import Store

_LOCAL_KEY = "sk-conformance-local-server"
_TIMEOUT = httpx.Timeout(120, connect=10)  # seconds without a byte; models think, and servers queue
_SILENT = 3  # probes in a row that nobody answered: the address is wrong, and each costs its retries


def ask_target(
    target: Target,
    probes: Sequence[Probe],
    *,
    settings: Address,
    store: Store,
    budget: Budget,
    say: Callable[[str], None],
) -> dict[str, Observation]:
    """Ask the probes in order, and return what each brought by its name. With --record, write cassettes.

    Raises:
        UnusableInputError: the key is missing, a local server cannot be started, or a cassette cannot be written.
    """
    brought: dict[str, Observation] = {}
    silent = 0
    with connect(target, settings, budget) as client:
        for number, probe in enumerate(probes, 1):
            if silent == _SILENT:
                why = f"not asked: the {_SILENT} probes before were never answered"
                brought |= {each.name: Observation(each, unusable=why) for each in probes[number - 1 :]}
                say(f"{len(probes) - number + 1} probes of {target.id} {why}")
                break
            try:
                asked = client.ask(probe)
            except BudgetSpentError:
                why = f"--max-requests {settings.max_requests} is used up"
                if not settings.record:  # a cassette may be there
                    brought |= {each.name: Observation(each, missing=why) for each in probes[number - 1 :]}
                say(f"{len(probes) - number + 1} probes of {target.id} not asked: {why}")
                break
            exchanges = tuple(_dated(redact(each, client.secrets), settings) for each in asked)
            silent = 0 if any(each.response for each in exchanges) else silent + 1
            brought[probe.name] = observation(probe, exchanges)
            kept = store.keep(target, probe, exchanges) if settings.record else None
            said = filter(None, (why_unusable(exchanges) or "answered", kept))
            say(f"[{number}/{len(probes)}] {target.id} {probe.name}: {'; '.join(said)}")
    return brought


def _dated(exchange: Exchange, settings: Address) -> Exchange:
    """Return an emulated exchange without its times, and dated by --as-of; any other as it is.

    How fast our own emulator is says nothing of a provider, and what is asked again on the same day is the same file.
    """
    if exchange.evidence != "emulated" and not settings.emulated:
        return exchange
    return replace(exchange, timing=None, recorded_at=_midnight(settings), evidence="emulated")


def _midnight(settings: Address) -> datetime:
    return datetime.combine(settings.as_of, time(), UTC)


@contextmanager
def connect(target: Target, settings: Address, budget: Budget) -> Iterator[Client]:
    """Yield the client that asks a target: at its address or a local server's, with its key, its pace and the user's headers.

    Raises:
        UnusableInputError: the key is missing, or a local server cannot be started.
    """
    if settings.emulated:
        app = Emulator(target, clock=_midnight(settings).timestamp)
        with emulated_http(app) as http:
            yield Client(
                target, http, target.provider.base_url, auth_headers(target, _LOCAL_KEY), {}, budget, Pace(None)
            )
        return
    server = target.provider.server if settings.base_url is None else None
    pace = Pace(target.provider.limits.get("requests_per_minute"))
    if server is not None:
        auth = auth_headers(target, _LOCAL_KEY)
        # trust_env off: a proxy of the environment does not reach our loopback.
        with (
            serve(server, model=target.model, api_key=_LOCAL_KEY, templates=target.provider.file.parent) as base_url,
            httpx.Client(timeout=_TIMEOUT, trust_env=False) as http,
        ):
            yield Client(target, http, base_url, auth, {}, budget, pace)
        return
    base_url = settings.base_url or target.provider.base_url
    auth = auth_headers(target, key_of(target))
    own = {name: value for name, value in settings.headers.items() if name not in auth}
    auth |= {name: value for name, value in settings.headers.items() if name in auth}
    with httpx.Client(timeout=_TIMEOUT, proxy=settings.proxy, verify=_trusted(settings)) as http:
        yield Client(target, http, base_url, auth, own, budget, pace)


def _trusted(settings: Address) -> ssl.SSLContext | bool:
    if settings.ca is None:
        return True
    context = httpx.create_ssl_context()
    try:
        context.load_verify_locations(settings.ca)
    except OSError as error:  # ssl.SSLError is one
        remedy = "name a file with certificates in PEM"
        raise UnusableInputError(
            f"--ca cannot be read: {error.strerror or error}", where=settings.ca, remedy=remedy
        ) from error
    return context
