"""Asks a target requests that are no probe's: each once, answers kept as cassettes, so that a second run asks nothing again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from conformance import __version__
from conformance.asking.connecting import connect
from conformance.asking.dating import dated
from conformance.asking.limits import BudgetSpentError
from conformance.asking.progress_line import ProgressLine
from conformance.knowledge.usability import Expected, Rank, usability
from conformance.recording.cassette import cassette_path, load, save
from conformance.recording.redaction import redact
from conformance.wire.case import Case
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conformance.asking.address import Address
    from conformance.asking.client import Client
    from conformance.asking.limits import Budget
    from conformance.providers import Target
    from conformance.wire.dialects.ask import Composed
    from conformance.wire.exchange import Exchange

_SILENT: Final = 3  # requests in a row that nobody answered
_COMPLETION: Final = Expected("completion")


class Wanted(NamedTuple):
    """A request, and the name of its cassette: the same request has the same name."""

    name: str
    request: Composed

    @property
    def hash(self) -> str:
        """The hash of everything that is sent but the address and the headers."""
        return hash_of(self.request)


@dataclass
class Answers:
    """The answers by name; how many of them were kept from before; and why the others are missing, in words."""

    exchanges: dict[str, Exchange] = field(default_factory=dict)
    kept: int = 0
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """The answers of a target that are kept below a folder; emulated ones beside the others, and never in their place."""

    folder: Path
    target: Target
    emulated: bool

    def get(self, wanted: Wanted) -> Exchange | None:
        """Return the answer to a request, if it is kept.

        Raises:
            UnusableInputError: its cassette cannot be read.
        """
        path = self._path(wanted)
        if not path.exists():
            return None
        cassette = load(path)
        return cassette.exchanges[0] if cassette.probe_hash == wanted.hash else None

    def put(self, wanted: Wanted, exchange: Exchange) -> None:
        """Keep an answer.

        Raises:
            UnusableInputError: the cassette cannot be written.
        """
        entry = exchange if exchange.evidence == "emulated" else replace(exchange, evidence="recorded")
        save(self._path(wanted), [entry], probe=wanted.name, probe_hash=wanted.hash, tool_version=__version__)

    def _path(self, wanted: Wanted) -> Path:
        target = self.target
        names = (target.provider.name, target.model, target.dialect, wanted.name)
        return cassette_path(self.folder, *names, emulated=self.emulated)


def hash_of(request: Composed) -> str:
    """Return the hash of a request: equal for equal method, path and JSON body."""
    written = json.dumps([request.method, request.path, request.body], sort_keys=True)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def kept_answers(wanted: Sequence[Wanted], kept: Kept) -> Answers:
    """Return the answers that are kept; the other requests are missing.

    Raises:
        UnusableInputError: a cassette cannot be read.
    """
    answers = Answers()
    for entry in wanted:
        exchange = kept.get(entry)
        if exchange is not None:
            answers.exchanges[entry.name] = exchange
            answers.kept += 1
        else:
            answers.missing[entry.name] = "was not asked"
    return answers


def ask_requests(
    wanted: Sequence[Wanted],
    answers: Answers,
    *,
    kept: Kept,
    settings: Address,
    budget: Budget,
    say: Callable[[str], None],
) -> None:
    """Ask what is missing in `answers`, and add it there. It ends where every further answer can only be the same.

    Args:
        wanted: the requests, in order.
        answers: those that are kept.
        kept: where answers are kept, and whom to ask.
        settings: the address.
        budget: the requests that are left.
        say: takes a line for people.

    Raises:
        UnusableInputError: the key is missing, a server cannot be started, or a cassette cannot be written.
    """
    missing = [entry for entry in wanted if entry.name in answers.missing]
    if not missing:
        return
    silent = 0
    with connect(kept.target, settings, budget, kept=True) as client:
        for number, entry in enumerate(missing, 1):
            try:
                exchange = client.send(_request(client, entry), f"{kept.target.id}:{entry.name}")
            except BudgetSpentError as error:
                _leave_out(answers, missing[number - 1 :], str(error))
                return
            exchange = dated(redact(exchange, client.secrets), client, settings)
            worth = usability(Case(exchange), _COMPLETION)
            if worth.rank in {Rank.GOOD, Rank.REQUEST_REFUSED}:
                answers.exchanges[entry.name] = exchange
                del answers.missing[entry.name]
                kept.put(entry, exchange)
            else:
                answers.missing[entry.name] = worth.why or "no usable answer"
            silent = 0 if exchange.response else silent + 1
            if not client.emulated:
                line = f"[{number}/{len(missing)}] {kept.target.id}: {answers.missing.get(entry.name, 'answered')}"
                say(line if entry.name in answers.missing else ProgressLine(line, number, len(missing)))
            if worth.repeats == "always" or (worth.repeats and not answers.exchanges) or silent == _SILENT:
                _leave_out(answers, missing[number:], f"not asked: the answer would be the same ({worth.why})")
                return


def _leave_out(answers: Answers, rest: Sequence[Wanted], why: str) -> None:
    answers.missing.update({entry.name: why for entry in rest})


def _request(client: Client, wanted: Wanted) -> Request:
    composed, target = wanted.request, client.target
    headers = {
        "accept": "application/json",
        "content-type": composed.media,
        "user-agent": f"llm-provider-conformance/{__version__}",
    }
    for given in (target.headers, client.auth):
        headers.update({name.lower(): value for name, value in given.items()})
    body = json.dumps(composed.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Request(composed.method, f"{client.base_url.rstrip('/')}/{composed.path}", headers, body)
