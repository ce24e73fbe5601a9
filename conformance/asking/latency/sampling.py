"""Taking latency samples of one target: a warm connection, one request after the other, the machine's lag beside each."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.asking.connecting import connect
from conformance.asking.latency.heartbeat import LAGGED, Heartbeat
from conformance.asking.latency.kept_connection import send_until_read
from conformance.errors import UnusableInputError
from conformance.knowledge.latency.sample_rows import row
from conformance.knowledge.usability import Expected, Rank, usability
from conformance.probes import build_request
from conformance.probes.probe import Step
from conformance.providers.keys import key_name
from conformance.recording.redaction import redact
from conformance.wire.case import Case
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.exchange import CLAIM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.asking.address import Address
    from conformance.asking.client import Client
    from conformance.asking.limits import Budget
    from conformance.knowledge.latency.workloads import Workload
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange, Request


@dataclass
class Arm:
    """One target, connected: whom samples are taken of. `warm_up` has the instants of connecting, as `Timing` defines them."""

    client: Client
    workload: Workload
    heartbeat: Heartbeat
    nonce: str
    warm_up: dict[str, float | None] = field(default_factory=dict)
    _asked: int = 0
    _next: Request | None = None

    @property
    def target(self) -> Target:
        """Whom it asks."""
        return self.client.target

    @property
    def host(self) -> str:
        """Whose address it asks."""
        return self.client.base_url

    def warm(self) -> None:
        """Ask once, unmeasured: it connects, and fills the prompt cache of a cached workload.

        Raises:
            UnusableInputError: nobody answers there, an emulator does, or whoever asks is refused.
        """
        self.prepare()
        exchange = self.ask()
        if exchange.response is None:
            error = redact(exchange, self.client.secrets).meta.get("error")
            what = f"{self.target}: no answer to the first request ({error})"
            raise UnusableInputError(what, where=self.host, remedy="look at the address and the key")
        if exchange.evidence == "emulated" or CLAIM in exchange.meta:
            what = f"{self.target}: an emulator or a replay answers there, which is nobody's latency"
            raise UnusableInputError(what, where=self.host, remedy="ask the provider itself")
        worth = usability(
            Case(redact(exchange, self.client.secrets)), Expected("completion"), key=key_name(self.target)
        )
        if worth.rank is Rank.ACCESS_REFUSED:
            raise UnusableInputError(f"{self.target}: {worth.why}: a refusal is no latency sample", where=self.host)
        timing = exchange.timing
        self.warm_up = {"connect": timing.connect, "tls": timing.tls} if timing else {}

    def sample(self, **place: str | int | None) -> dict[str, Any]:
        """Ask once and return the row of the request (schemas/latency-sample.json)."""
        self.prepare()
        return self.kept(self.ask(), **place)

    def prepare(self) -> None:
        """Do what is not to be timed: wait for the provider's pace, write the next request, collect garbage.

        Raises:
            BudgetSpentError: no request may be sent any more.
        """
        self.client.budget.take(self.client.pace.ahead)
        self.client.pace.wait()
        self._asked += 1
        self._next = request_for(self.workload, self.client, f"{self.nonce}-{self._asked}")
        gc.collect()

    def ask(self) -> Exchange:
        """Send the request that was prepared; `meta["lag"]` is how late this machine was meanwhile, in seconds."""
        assert self._next is not None  # noqa: S101 - `prepare` was called
        gc.disable()  # a collection within a stream is a stall that the provider did not make
        try:
            exchange = send_until_read(self.client, self._next, f"{self.target.id}:{self.workload.name}#{self._asked}")
        finally:
            gc.enable()
        end = time.monotonic()
        lasted = (exchange.timing.end if exchange.timing else None) or 0.0
        return replace(exchange, meta={**exchange.meta, "lag": self.heartbeat.lag(end - lasted, end)})

    def kept(self, exchange: Exchange, **place: str | int | None) -> dict[str, Any]:
        """Return the row of an exchange, without secrets."""
        lag = float(exchange.meta.get("lag", 0.0))
        return row(Case(redact(exchange, self.client.secrets)), lag=lag, lagged=lag > LAGGED, **place)


def request_for(workload: Workload, client: Client, nonce: str) -> Request:
    """Return the request of a workload to a connected target.

    Raises:
        UnusableInputError: the target cannot be asked it.
    """
    target = client.target
    step = Step(ask=workload.ask(nonce), max_output=workload.output, greedy=True)
    built = build_request(step, target, client.base_url, client.auth)
    if isinstance(built, str):
        raise UnusableInputError(f"{target} cannot be asked {workload.name}: {built}")
    built = replace(built, headers={**built.headers, **client.headers})
    return client.sign(built) if client.sign is not None else built


def check(target: Target, workload: Workload) -> None:
    """Refuse a workload that a target cannot be asked.

    Raises:
        UnusableInputError: its dialect cannot say it, it lacks a capability, or has too small a context.
    """
    asked = dialect_named(target.dialect).compose(workload.ask(""), target.model)
    if isinstance(asked, NotSayable):
        what = f"{target}: latency cannot be measured over {target.dialect}, which {asked.reason}"
        raise UnusableInputError(what, remedy="leave the dialect out")
    lacking = [name for name in ("stream", *workload.needs) if name not in target.capabilities]
    if lacking:
        what = f"{target} cannot be asked {workload.name}: it lacks {', '.join(lacking)}"
        raise UnusableInputError(what, remedy="name another --workload")
    room = target.known.context if target.known else None
    if room is not None and workload.input + workload.output > room:
        what = f"{target} cannot be asked {workload.name}: it takes {room} tokens, the workload {workload.input + workload.output}"
        raise UnusableInputError(what, remedy="name another --workload")


@contextmanager
def arm(
    target: Target, workload: Workload, settings: Address, *, budget: Budget, heartbeat: Heartbeat, nonce: str
) -> Iterator[Arm]:
    """Connect to a target and warm the connection up.

    Raises:
        UnusableInputError: it cannot be asked, its key is missing, or nobody answers.
    """
    check(target, workload)
    with connect(target, settings, budget, kept=True) as client:
        result = Arm(client, workload, heartbeat, nonce)
        result.warm()
        yield result
