"""Asking one target its probes: its server or address, its key, and what becomes of each answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import httpx

from conformance.asking.client import Budget, BudgetSpentError, Client, Pace, why_again
from conformance.asking.gateway import gateway_server
from conformance.asking.http import http_client
from conformance.asking.local_server import serve
from conformance.asking.signing import signer_of
from conformance.emulator.app import Emulator
from conformance.emulator.ours import is_ours
from conformance.emulator.server import emulated_http
from conformance.errors import UnusableInputError, counted
from conformance.knowledge.usability import KEY_REFUSED, Rank
from conformance.probes.conversation import Conversation, conversation
from conformance.providers import load_providers
from conformance.providers.keys import auth_headers, key_name, key_of
from conformance.recording.redaction import redact
from conformance.wire.attempts import SPREAD, attempt

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence

    from conformance.asking.address import Address
    from conformance.asking.cassettes import Store
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.providers.tables import Gateway
    from conformance.wire.exchange import Exchange

_LOCAL_KEY = "sk-conformance-local-server"
_UPSTREAM_KEY = "sk-conformance-local-upstream"
#: Probes in a row without a usable answer that end asking: where none was usable before, or the patience is used up, and else.
_SILENT = 3
_UNUSABLE = 12
#: Bytes of all bodies that one target may answer in a run: the largest recording of a target, of 200 probes, has 1.4 MB.
_MOST_BYTES = 8 << 20


@dataclass
class Asked:
    """The conversations of a target that was asked, by the name of their probe, and why asking stopped, where it did.

    `key_refused` says that the provider did not take the key; `interrupted` that somebody pressed Ctrl-C; `out_of_time` that
    --max-seconds was used up before every probe was asked.
    """

    conversations: dict[str, Conversation] = field(default_factory=dict)
    key_refused: str | None = None
    interrupted: bool = False
    out_of_time: bool = False


def ask_target(
    target: Target,
    probes: Sequence[Probe],
    *,
    settings: Address,
    store: Store,
    budget: Budget,
    say: Callable[[str], None],
    patient: bool = False,
) -> Asked:
    """Ask the probes in order, and return the conversation of each by its name. With --record, write cassettes.

    Asking stops where every further answer can only be the same: a refused key, no credit, an unknown model, an address that never
    answers, somebody else's pages. Ctrl-C ends it, and the answers until then stay.

    Args:
        target: whom to ask.
        probes: what, in order.
        settings: of the run.
        store: where cassettes are kept.
        budget: the requests that are left.
        say: takes a line for people.
        patient: whether to ask once more, a minute later, what a server failed on while it answered other probes.

    Raises:
        UnusableInputError: the key is missing, a local server cannot be started, or a cassette cannot be written.
    """
    asked = Asked()
    if settings.record:
        store.sweep(target)
    with connect(target, settings, budget) as client:
        round_ = _Round(client, settings, store, say, asked)
        try:
            round_.ask(probes)
            if patient and not client.emulated:
                round_.ask_again()
        except KeyboardInterrupt:
            asked.interrupted = True
            say(
                f"{target.id}: interrupted after {len(asked.conversations)} of {counted(len(probes), 'probe')}; their answers are kept"
            )
    return asked


@dataclass
class _Round:
    """The probes of one target, asked one after the other."""

    client: Client
    settings: Address
    store: Store
    say: Callable[[str], None]
    asked: Asked
    silent: int = 0
    strange: int = 0  # refusals of access in a row, before any completion
    unusable: int = 0  # in a row, of whatever kind
    size: int = 0  # bytes of all answers
    usable: bool = False  # whether any answer was
    stopped: bool = False

    @property
    def target(self) -> Target:
        return self.client.target

    def ask(self, probes: Sequence[Probe]) -> None:
        """Ask each probe, until every further answer can only be the same."""
        for number, probe in enumerate(probes, 1):
            place = f"[{number}/{len(probes)}]"
            try:
                exchanges = self.client.ask(probe)
            except BudgetSpentError as error:
                self.asked.out_of_time = self.client.budget.left > 0
                self._leave_out(probes[number - 1 :], str(error))
                return
            why = self._why_to_stop(self._take(place, probe, exchanges))
            if why is not None and probes[number:]:
                self._stop(probes[number:], why)
                return

    def ask_again(self) -> None:
        """Ask once more, a minute after the first attempt, what a server failed on while it answered other probes."""
        asked = self.asked.conversations.values()
        failed = [seen for seen in asked if seen.worth and seen.worth[-1].server_failed]
        failed = [seen for seen in failed if seen.probe.expected(len(seen.worth) - 1).kind != "refusal"]
        if self.stopped or self.client.budget.out_of_time or not failed or not any(seen.answered for seen in asked):
            return
        self.say(
            f"{self.target.id}: asks {counted(len(failed), 'probe')} that the server failed on once more, a minute later"
        )
        for number, before in enumerate(failed, 1):
            last = before.exchanges[-1]
            self._wait_since(last)
            try:
                exchanges = self.client.ask(before.probe, attempts=1)
            except BudgetSpentError:
                return
            if exchanges:
                *rest, newest = exchanges
                tried = [
                    *last.meta.get("attempts", ()),
                    attempt(last, why_again(last)),
                    *newest.meta.get("attempts", ()),
                ]
                exchanges = (*rest, replace(newest, meta={**newest.meta, "attempts": tried}))
                self._take(f"[again {number}/{len(failed)}]", before.probe, exchanges)

    def _take(self, place: str, probe: Probe, asked: tuple[Exchange, ...]) -> Conversation:
        exchanges = tuple(dated(redact(entry, self.client.secrets), self.client, self.settings) for entry in asked)
        seen = conversation(probe, exchanges, key=key_name(self.target))
        self.asked.conversations[probe.name] = seen
        kept = self.store.keep(self.target, seen) if self.settings.record else None
        words = filter(None, (seen.unusable or "answered", kept))
        self.say(f"{place} {self.target.id} {probe.name}: {'; '.join(words)}")
        return seen

    def _why_to_stop(self, seen: Conversation) -> str | None:
        self.silent = 0 if any(entry.response for entry in seen.exchanges) else self.silent + 1
        self.unusable = self.unusable + 1 if seen.unusable else 0
        self.usable |= not seen.unusable
        if not seen.unusable:
            self.client.patience.spent = 0.0
        self.size += sum(len(entry.response.body) for entry in seen.exchanges if entry.response is not None)
        if self.size > _MOST_BYTES:
            return f"not asked: the answers before have {self.size} bytes, more than any target's"
        last = seen.worth[-1] if seen.worth else None
        refused = last is not None and last.rank is Rank.ACCESS_REFUSED
        answered = any(seen.answered for seen in self.asked.conversations.values())
        self.strange = self.strange + 1 if refused and not answered else 0
        if last is not None and refused and (last.repeats == "always" or (last.repeats and not answered)):
            if last.kind in KEY_REFUSED:
                self.asked.key_refused = last.why
            return f"not asked: the answer would be the same ({last.why})"
        if self.silent == _SILENT and not self.usable:  # else a feature of these requests may be what breaks
            return f"not asked: the {_SILENT} probes before were never answered"
        if last and self.strange == _SILENT:
            return f"not asked: the {_SILENT} probes before were refused ({last.why})"
        hopeless = not self.usable or not self.client.patience.left
        if self.unusable >= (_SILENT if hopeless else _UNUSABLE):
            return f"not asked: the {self.unusable} probes before got no usable answer (the last: {seen.unusable})"
        return None

    def _stop(self, probes: Sequence[Probe], why: str) -> None:
        self.stopped = True
        self.asked.conversations.update({probe.name: Conversation(probe, unusable=why) for probe in probes})
        self.say(f"{counted(len(probes), 'probe')} of {self.target.id} {why}")

    def _leave_out(self, probes: Sequence[Probe], why: str) -> None:
        if not self.settings.record:  # a cassette may be there
            self.asked.conversations.update({probe.name: Conversation(probe, missing=why) for probe in probes})
        self.say(f"{counted(len(probes), 'probe')} of {self.target.id} not asked: {why}")

    def _wait_since(self, exchange: Exchange) -> None:
        """Wait until a minute has passed since the first attempt at a request."""
        first = next((entry["at"] for entry in exchange.meta.get("attempts", ()) if entry.get("at")), None)
        begun = datetime.fromisoformat(first) if first else exchange.recorded_at
        if begun is None:
            return
        left = (begun + SPREAD - self.client.clock.now()).total_seconds()
        if left > 0:
            self.client.clock.sleep(min(left, max(0.0, self.client.budget.seconds_left)))


def dated(exchange: Exchange, client: Client, settings: Address) -> Exchange:
    """Return an emulated exchange without its times, and dated by --as-of; any other as it is.

    How fast our own emulator is says nothing of a provider, and what is asked again on the same day is the same file.
    """
    if not client.emulated:
        return exchange
    return replace(exchange, timing=None, recorded_at=_midnight(settings), evidence="emulated")


def _midnight(settings: Address) -> datetime:
    return datetime.combine(settings.as_of, time(), UTC)


@contextmanager
def connect(target: Target, settings: Address, budget: Budget, *, kept: bool = False) -> Iterator[Client]:
    """Yield the client that asks a target: at its address or a local server's, with its key, its pace and the user's headers.

    With `kept` its connections are kept, for figures of a warm one; else each request has its own.

    Raises:
        UnusableInputError: the key is missing, or a local server cannot be started.
    """
    if settings.emulated and settings.base_url is None:
        app = Emulator(target, clock=_midnight(settings).timestamp)
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
