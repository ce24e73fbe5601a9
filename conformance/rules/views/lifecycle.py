"""Views of a model's lifecycle: a target on a day, a request for a retired model, and what an answer says of the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.knowledge.lifecycle.lookup import find, in_place_of
from conformance.knowledge.lifecycle.names import Grade, is_dated_family, spoken, words
from conformance.knowledge.lifecycle.said import claim_of, dated_fields, notices
from conformance.knowledge.lifecycle.status import WARN_WITHIN, State, Status, status
from conformance.rules.views.http import is_success
from conformance.rules.views.model import echo, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from conformance.knowledge.lifecycle.registry import Claim
    from conformance.knowledge.lifecycle.said import Notice
    from conformance.rules.standing import TargetOnDay
    from conformance.wire.case import Case


#: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`.
_IN_A_CLOUD = re.compile(r"(?:[a-z][a-z-]{1,9}\.)?[a-z][a-z0-9-]{1,19}\.(?P<name>[a-z][\w.-]*)-v\d{1,3}(?::\d{1,3})?")


@dataclass(frozen=True)
class Lifecycle:
    """What becomes of a target's model, by the registry and by what the provider itself answered.

    `replacement` is what to use in its place; `exchanges` are the ids of those that it rests on, for they show the model alive, and
    `contradictions` say which of them did so after its end. Beside the registry an emulated one shows nothing.
    """

    status: Status
    contradictions: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    replacement: tuple[str, ...] = ()

    name = "the registry"
    why_undecided = ""

    @property
    def summary(self) -> str:
        """The model's state, and who says so."""
        rests = self.status.claim.source if self.status.claim else "seen to answer, or listed"
        return f"{self.status.words} ({rests})"

    @property
    def notices(self) -> tuple[str, ...]:
        """What people are told whatever the verdict: an end that is near, and what contradicts it."""
        near = self.status.warns(WARN_WITHIN) and not self.status.fails()
        return ((f"{self.status.words}: {_claimed(self.status)}",) if near else ()) + self.contradictions


@dataclass(frozen=True)
class _Sign:
    """An exchange that shows the model alive: an answer of its own, or a listing that names it."""

    exchange: str
    words: str
    on: date | None
    answered: bool
    emulated: bool


def lifecycle(standing: TargetOnDay) -> Lifecycle | str:
    """A target whose model the registry knows, or that was seen to answer or to be listed.

    A model that answered after the day of its shutdown is not gone, whoever says so: it is disputed. A listing that names it after
    that day disputes what is of medium confidence; beside a claim of high confidence, both are told.
    """
    model, provider = standing.target.model, standing.target.provider.name
    result = find(provider, model)
    claims = (
        [item for model_claims in result.models.values() for item in model_claims]
        if result and result.grade > Grade.FAMILY
        else []
    )
    claims += [claim for case in standing.cases for claim in _claims_of_listing(case, model, provider)]
    signs = [sign for case in standing.cases if (sign := _alive(case, model)) is not None]
    if not claims:
        unknown = "nothing is known of the model: it is not in the registry, and no answer or listing shows it"
        return Lifecycle(Status(State.ACTIVE), (), tuple(sign.exchange for sign in signs)) if signs else unknown
    seen = tuple(sign.exchange for sign in signs if not sign.emulated)
    outcome = status(claims, standing.as_of)
    later = [sign for sign in signs if not sign.emulated and _after(sign, outcome)]
    later_signs = tuple(f"{sign.words}, although {_claimed(outcome)}" for sign in later[:1])
    claim = outcome.claim
    if outcome.state is State.RETIRED and claim and any(sign.answered or claim.confidence != "high" for sign in later):
        outcome = Status(State.DISPUTED, outcome.claims, outcome.days, certain=False)
    return Lifecycle(outcome, later_signs, seen, in_place_of(provider, outcome.replacement, standing.as_of))


def _after(sign: _Sign, outcome: Status) -> bool:
    claim = outcome.claim
    return bool(claim and claim.shutdown and sign.on and sign.on >= claim.shutdown)


def _claimed(outcome: Status) -> str:
    """Return what the deciding claim says, for people."""
    claim = outcome.claim
    return f"{claim.source} says {claim.day} ({claim.confidence} confidence)" if claim else "nothing is claimed"


def _claims_of_listing(case: Case, model: str, provider: str) -> Iterator[Claim]:
    if case.exchange.evidence == "emulated":
        return
    for entry in _entries(case):
        if words(_id(entry)) == words(model):
            moment = case.exchange.recorded_at
            read = moment.date() if moment else None
            claim = claim_of(
                entry, provider, f"the provider's listing ({case.exchange.evidence}, {read or 'undated'})", read
            )
            if claim is not None:
                yield claim


def _alive(case: Case, model: str) -> _Sign | None:
    exchange = case.exchange
    if exchange.response is None or exchange.response.status is None or not is_success(exchange.response.status):
        return None
    on = exchange.recorded_at.date() if exchange.recorded_at else None
    when = f"{exchange.evidence}, {on or 'undated'}"
    emulated = exchange.evidence == "emulated"
    if any(words(_id(entry)) == words(model) and entry.get("lifecycle") != "retired" for entry in _entries(case)):
        return _Sign(exchange.id, f"the provider lists it ({when})", on, answered=False, emulated=emulated)
    if case.asked.model == model and case.reply.succeeded:
        named = case.view(echo)
        if named is None or is_same(model, named.served):
            return _Sign(exchange.id, f"it answered ({when})", on, answered=True, emulated=emulated)
    return None


def _entries(case: Case) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a listing, or the one entry that was asked for."""
    reply = case.view(listing)
    for _, value in reply.chunks if reply else ():
        whole: Any = value
        listed = whole if isinstance(whole, list) else (whole.get("data") or whole.get("models") or [whole])
        yield from (item for item in listed if isinstance(item, dict)) if isinstance(listed, list) else ()


def _id(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or entry.get("name") or "")


def is_same(asked: str, served: str) -> bool:
    """Whether the name that served is the one asked for, or a dated snapshot of it.

    A cloud's id is its maker's name with the region and the maker before it and the cloud's own revision after it.
    """
    makers = _IN_A_CLOUD.fullmatch(asked)
    return (
        words(asked) == words(served)
        or is_dated_family(spoken(asked), words(served))
        or (makers is not None and words(makers["name"]) == words(served))
    )


@dataclass(frozen=True)
class Asked:
    """A request for a model that the registry knows: what became of it by that day, what came back, and who answered."""

    model: str
    on: date
    status: Status
    answer: int | None
    served: str | None

    @property
    def is_gone(self) -> bool:
        """Whether the model was retired for certain, and did not answer in its own name."""
        retired = self.status.certain and self.status.state is State.RETIRED
        if self.served is None:
            return retired and not (self.answer is not None and is_success(self.answer))
        return retired and not is_same(self.model, self.served)


def known_model(case: Case) -> Asked | None:
    """A dated request to a provider that the registry knows, for one of its models by its id."""
    exchange = case.exchange
    moment, model = exchange.recorded_at, case.asked.model
    if moment is None or model is None or not case.reply.asks_model or exchange.response is None:
        return None
    result = find(exchange.provider or "", model)
    if result is None or result.grade is not Grade.EXACT:
        return None
    named = case.view(echo)
    return Asked(
        model, moment.date(), result.status(moment.date()), exchange.response.status, named.served if named else None
    )


def answered_known_model(case: Case) -> Asked | None:
    """A request as `known_model` has it, answered by a model that gives its name."""
    result = case.view(known_model)
    return result if result is not None and result.served is not None else None


@dataclass(frozen=True)
class EndHeaders:
    """The Deprecation and Sunset fields of a response; None where there is none."""

    deprecation: str | None
    sunset: str | None


def end_headers(case: Case) -> EndHeaders | None:
    """A response as it was on the wire, with one of the two fields."""
    response = case.exchange.response
    if response is None or not case.exchange.on_wire:
        return None
    result = EndHeaders(response.headers.get("deprecation"), response.headers.get("sunset"))
    return result if result.deprecation is not None or result.sunset is not None else None


@dataclass(frozen=True)
class Announced:
    """What an answer says of the end of its model or endpoint; empty where it says nothing."""

    notices: tuple[Notice, ...]


def announced(case: Case) -> Announced | None:
    """An answer to a chat request."""
    response, reply = case.exchange.response, case.reply
    if response is None or not reply.asks_model or not reply.chunks:
        return None
    headers = response.headers if case.exchange.on_wire else {}
    bodies: Iterable[Mapping[str, Any]] = (reply.chunks[0].value, reply.chunks[-1].value)
    text = dict.fromkeys(notice for body in bodies for notice in notices(headers, body))
    return Announced(tuple(text))


def dated_entries(case: Case) -> list[tuple[str, str, Any]] | None:
    """The lifecycle fields of a listing, as (model, field, value); None for a listing that has none."""
    result = [(_id(entry), name, value) for entry in _entries(case) for name, value in dated_fields(entry).items()]
    return result or None
