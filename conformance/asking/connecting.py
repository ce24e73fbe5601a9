"""The client of one target: its address, a local server or the emulator, with its key, its pace and the user's headers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from conformance.asking.client import Client
from conformance.asking.dating import midnight
from conformance.asking.gateway import gateway_server
from conformance.asking.http import http_client
from conformance.asking.limits import Pace
from conformance.asking.local_server import serve
from conformance.asking.signing import signer_of
from conformance.emulator.app import Emulator
from conformance.emulator.ours import is_ours
from conformance.emulator.server import emulated_http
from conformance.errors import UnusableInputError
from conformance.providers import load_providers
from conformance.providers.keys import auth_headers, key_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from conformance.asking.address import Address
    from conformance.asking.limits import Budget
    from conformance.providers import Target
    from conformance.providers.tables import Gateway

_LOCAL_KEY = "sk-conformance-local-server"
_UPSTREAM_KEY = "sk-conformance-local-upstream"


@contextmanager
def connect(target: Target, settings: Address, budget: Budget, *, kept: bool = False) -> Iterator[Client]:
    """Yield the client that asks a target: at its address or a local server's, with its key, its pace and the user's headers.

    With `kept` its connections are kept, for figures of a warm one; else each request has its own.

    Raises:
        UnusableInputError: the key is missing, or a local server cannot be started.
    """
    if settings.emulated and settings.base_url is None:
        app = Emulator(target, clock=midnight(settings).timestamp)
        with emulated_http(app) as http:
            auth = auth_headers(target, _LOCAL_KEY)
            yield Client(target, http, target.base_url, auth, {}, budget, Pace(None), emulated=True)
        return
    server = target.provider.server if settings.base_url is None else None
    pace = Pace(target.provider.limits.get("requests_per_minute"))
    if server is not None:
        auth = auth_headers(target, _LOCAL_KEY)
        # trust_env off: a proxy of the environment does not reach our loopback.
        with (
            serve(
                server,
                model=target.model,
                api_key=_LOCAL_KEY,
                templates=target.provider.file.parent,
                pooling=server.pooling.get(target.dialect),
            ) as base_url,
            http_client(trust_env=False, kept=kept) as http,
        ):
            yield Client(target, http, base_url, auth, {}, budget, pace, deadline=settings.deadline)
        return
    gateway = target.provider.gateway if settings.base_url is None and not settings.emulated else None
    if gateway is not None and target.model in gateway.models:
        with _behind(gateway, target) as base_url, http_client(trust_env=False, kept=kept) as http:
            auth = auth_headers(target, _LOCAL_KEY)
            yield Client(target, http, base_url, auth, {}, budget, pace, deadline=settings.deadline)
        return
    base_url = settings.base_url or target.base_url
    auth = auth_headers(target, _LOCAL_KEY if settings.emulated else key_of(target))
    sign = None if settings.emulated or target.auth is None else signer_of(target, base_url)
    own = {name: value for name, value in settings.headers.items() if name not in auth}
    auth |= {name: value for name, value in settings.headers.items() if name in auth}
    with http_client(proxy=settings.proxy, verify=_trusted(settings), kept=kept) as http:
        emulated = settings.emulated or is_ours(base_url)
        yield Client(
            target, http, base_url, auth, own, budget, pace, emulated=emulated, deadline=settings.deadline, sign=sign
        )


@contextmanager
def _behind(gateway: Gateway, target: Target) -> Iterator[str]:
    """Yield the base URL of a gateway that has a local server behind it."""
    upstream = load_providers()[gateway.upstream]
    if upstream.server is None:
        raise UnusableInputError(
            f"the gateway's upstream {gateway.upstream} has no [server]",
            where=target.provider.file,
            remedy="name another",
        )
    with (
        serve(
            upstream.server,
            model=target.model,
            api_key=_UPSTREAM_KEY,
            templates=upstream.file.parent,
            pooling=upstream.server.pooling.get(target.dialect),
        ) as address,
        gateway_server(
            gateway, model=target.model, api_key=_LOCAL_KEY, upstream=address, upstream_key=_UPSTREAM_KEY
        ) as base_url,
    ):
        yield base_url


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
