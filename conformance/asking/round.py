"""The probes of one target, asked one after the other, until every further answer can only be the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.asking.dating import dated
from conformance.asking.limits import BudgetSpentError
from conformance.asking.progress_line import ProgressLine
from conformance.asking.retrying import why_again
from conformance.asking.stopping import Stopping
from conformance.errors import counted
from conformance.probes.conversation import Conversation, conversation
from conformance.providers.keys import key_name
from conformance.recording.redaction import redact
from conformance.wire.attempts import SPREAD, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.asking.address import Address
    from conformance.asking.cassettes import Store
    from conformance.asking.client import Client
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange


@dataclass
class Asked:
    """The conversations of a target that was asked, by the name of their probe, and why asking stopped, where it did.

    `key_refused` says that the provider did not take the key; `interrupted` that somebody pressed Ctrl-C; `cut_short` which budget was used
    up before every probe was asked, and `out_of_time` that --max-seconds was.
    """

    conversations: dict[str, Conversation] = field(default_factory=dict)
    key_refused: str | None = None
    interrupted: bool = False
    cut_short: str | None = None
    out_of_time: bool = False


@dataclass
class Round:
    """The probes of one target, asked one after the other.

    Attributes:
        client: who asks.
        settings: of the run.
        store: where cassettes are kept.
        say: takes a line for people; a `ProgressLine` for an answer that needs no words.
        asked: the conversations, filled as they come.
    """

    client: Client
    settings: Address
    store: Store
    say: Callable[[str], None]
    asked: Asked
    stopped: bool = False

    @property
    def target(self) -> Target:
        """Whom the client asks."""
        return self.client.target

    @cached_property
    def _stopping(self) -> Stopping:
        return Stopping(self.client.patience)

    def ask(self, probes: Sequence[Probe]) -> None:
        """Ask each probe, until every further answer can only be the same."""
        for number, probe in enumerate(probes, 1):
            try:
                exchanges = self.client.ask(probe)
            except BudgetSpentError as error:
                self.asked.cut_short = str(error)
                self.asked.out_of_time = self.client.budget.left > 0
                self._leave_out(probes[number - 1 :], str(error))
                return
            why = self._stopping.after(self._take(probe, exchanges, number, len(probes)))
            self.asked.key_refused = self._stopping.key_refused
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
                self._take(before.probe, exchanges, number, len(failed), "again ")

    def _take(
        self, probe: Probe, asked: tuple[Exchange, ...], number: int, total: int, again: str = ""
    ) -> Conversation:
        exchanges = tuple(dated(redact(entry, self.client.secrets), self.client, self.settings) for entry in asked)
        seen = conversation(probe, exchanges, key=key_name(self.target))
        self.asked.conversations[probe.name] = seen
        kept = self.store.keep(self.target, seen) if self.settings.record else None
        words = "; ".join(filter(None, (seen.unusable or "answered", kept)))
        line = f"[{again}{number}/{total}] {self.target.id} {probe.name}: {words}"
        self.say(ProgressLine(line, number, total) if words == "answered" else line)
        return seen

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
