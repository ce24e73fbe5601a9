"""Views of several exchanges that belong together: twins, conversations, listings beside use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from conformance.rules.views.catalogue import listed_name, listings, plain_name
from conformance.rules.views.chat import ended_answer, envelopes
from conformance.rules.views.errors import failure
from conformance.rules.views.media import sends_media
from conformance.wire.dialects.ask import Call, Result
from conformance.wire.dialects.translation import KEPT_ELSEWHERE
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.rules.views.chat import Answer
    from conformance.rules.views.errors import Failure
    from conformance.wire.case import Case, Session
    from conformance.wire.dialects.reply import Choice

_STREAM_KEYS = ("stream", "stream_options")


@dataclass(frozen=True)
class Twins:
    """The same request, answered plainly and as a stream."""

    plain: Answer
    streamed: Answer
    deterministic: bool  # temperature 0: the texts should agree
    plain_id: str = ""  # the id of the exchange of each
    streamed_id: str = ""

    @property
    def pairs(self) -> list[tuple[Choice, Choice]]:
        """The choices of both, by position."""
        return list(zip(self.plain.choices, self.streamed.choices, strict=False))


def twins(session: Session) -> list[Twins] | None:
    """Every plain completion with the first stream that answers the same request."""
    result: list[Twins] = []
    answers = [(case, answer) for case in session.cases if (answer := case.view(ended_answer)) is not None]
    streams = [(_asked(case), answer, case.exchange.id) for case, answer in answers if answer.reply.streamed]
    for case, answer in answers:
        if answer.reply.streamed:
            continue
        twin = next((stream for stream in streams if stream[0] == _asked(case)), None)
        if twin is not None:
            ids = (case.exchange.id, twin[2])
            result.append(Twins(answer, twin[1], answer.asked.temperature == 0, *ids))
    return result or None


def _asked(case: Case) -> dict[str, Any]:
    return {key: value for key, value in case.exchange.request.json.items() if key not in _STREAM_KEYS}


class Repeated(NamedTuple):
    """The same seeded request, answered twice by the same backend."""

    first: Choice
    second: Choice
    first_id: str
    second_id: str


def seeded_repeats(session: Session) -> list[Repeated] | None:
    """The choices of requests with a seed that were sent twice, where both answers name the same system_fingerprint or none."""
    result: list[Repeated] = []
    seen: list[tuple[dict[str, Any], Any, Answer, str]] = []
    for case in session.cases:
        answer = case.view(ended_answer)
        if answer is None or answer.asked.seed is None:
            continue
        body, backend = case.exchange.request.json, answer.reply.chunks[0].value.get("system_fingerprint")
        for before, other, first, first_id in seen:
            if before == body and other == backend:
                pairs = zip(first.choices, answer.choices, strict=False)
                result += [Repeated(*pair, first_id, case.exchange.id) for pair in pairs]
        seen.append((body, backend, answer, case.exchange.id))
    return result or None


class Identified(NamedTuple):
    """A response's id, and the exchange it came in."""

    exchange: str
    id: str
    pointer: str


def response_ids(session: Session) -> list[Identified] | None:
    """The ids of at least two completions whose ids are the wire's own.

    An exchange that was recorded twice counts once, and so does an answer that a cache gave again: the same request brought the same
    bytes, the moment of creation among them. An answer that is fetched again has the id that it has.
    """
    result = []
    for case in _recorded_once(session):
        if case.exchange.request.method == "GET":
            continue  # an answer that is read again is the same one
        first = next((envelope for envelope in case.view(envelopes) or () if envelope.id is not MISSING), None)
        if first is not None and isinstance(first.id, str) and first.id:
            result.append(Identified(case.exchange.id, first.id, first.at("id")))
    return result if len(result) > 1 else None


def _recorded_once(session: Session) -> list[Case]:
    seen: list[tuple[bytes, bytes, dict[str, str] | None]] = []
    once: list[Case] = []
    for case in session.cases:
        request, response = case.exchange.request, case.exchange.response
        dated = response is not None and b'"created' in response.body
        headers = None if dated or response is None else dict(response.headers)
        key = (request.body, response.body, headers) if response is not None else None
        if key is None or key not in seen:
            once.append(case)
        if key is not None:
            seen.append(key)
    return once


#: Classes of the taxonomy that say that nobody serves the model.
_GONE = frozenset({"unknown_model", "retired_model"})
#: Statuses of a turn that was refused for who asked or how often, not for its history (RFC 9110 15.5, RFC 6585 4).
_NOT_OF_THE_HISTORY = frozenset({401, 402, 403, 407, 429})


@dataclass(frozen=True)
class Continuation:
    """A second turn that sends the provider's own tool calls back with their results."""

    exchange: str
    refusal: Failure | None


def tool_round_trips(session: Session) -> list[Continuation] | None:
    """Turns whose history holds tool calls that the provider itself made a turn before."""
    result = []
    for before, after in pairwise(session.cases):
        made = [call.id for choice in before.reply.choices for call in choice.tool_calls]
        if made and _returns(after, made):
            refusal = after.view(failure)
            if refusal is None or not (refusal.status in _NOT_OF_THE_HISTORY or sends_media(after)):
                result.append(Continuation(after.exchange.id, refusal))
    return result or None


def _returns(case: Case, made: Collection[object]) -> bool:
    """Whether a request sends back the result of one of these calls behind the call itself, or where the provider keeps the call.

    A client that leaves the call out is refused for its own history.
    """
    parts = [part for turn in case.asked.turns for part in turn.parts if isinstance(part, Call | Result)]
    sent = {part.id for part in parts if isinstance(part, Call)}
    kept = any(case.exchange.request.json.get(name) for name in KEPT_ELSEWHERE)
    return any(isinstance(part, Result) and part.id in made and (kept or part.id in sent) for part in parts)


class Listed(NamedTuple):
    """A model that answered, and the ids that the provider lists."""

    exchange: str
    model: str
    catalogue: frozenset[str]


def used_and_listed(session: Session) -> list[Listed] | None:
    """Models that answered in a session which also asked for the listing."""
    replies = [case.reply for case in session.cases if case.reply.operation == "models" and case.reply.chunks]
    whole = [items for reply in replies if (items := _items(reply.chunks[0].value)) is not None]
    ids = {str(item.get("id")) for items in whole for item in items}
    answers = (case for case in session.cases if case.view(ended_answer) is not None)
    result = [Listed(case.exchange.id, case.asked.model, frozenset(ids)) for case in answers if case.asked.model]
    return result if whole and result else None


class Gone(NamedTuple):
    """A model that was asked for, listed, and refused as unknown or retired; None for a refusal that is none."""

    exchange: str
    listing: str
    model: str
    refusal: Failure | None


def listed_and_asked(session: Session) -> list[Gone] | None:
    """Requests for models that the session's listing holds: for an answer, or for the model's own entry."""
    where = {
        plain_name(name): exchange
        for exchange, items in listings(session)
        for name in map(listed_name, items)
        if name is not None
    }
    result = []
    for case in session.cases:
        asked = _model_of(case)
        model = plain_name(asked) if asked is not None else None
        if model in where:
            refusal = case.view(failure)
            gone = refusal is not None and (refusal.kind.id in _GONE or _is_entry_missing(case, refusal))
            result.append(Gone(case.exchange.id, where[str(model)], str(asked), refusal if gone else None))
    return result or None


def _model_of(case: Case) -> str | None:
    """Return the model that a request asks, or whose entry it asks for."""
    if case.reply.operation in {"chat", "model"} and case.asked.model is not None:
        return case.asked.model
    path = unquote(case.exchange.request.path)
    return path.rpartition("/models/")[2] if "/models/" in path and case.reply.operation == "model" else None


def _is_entry_missing(case: Case, refusal: Failure) -> bool:
    return case.reply.operation == "model" and refusal.status == 404  # noqa: PLR2004 - RFC 9110 15.5.5


def _items(value: Any) -> list[dict[str, Any]] | None:  # noqa: ANN401 - any JSON
    """Return the entries of a listing, which may be none; None for what is no listing."""
    listed = value.get("data") if isinstance(value, dict) else value
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else None
