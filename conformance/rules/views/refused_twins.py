"""A view of sessions: the same request, refused plainly and as a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conformance.knowledge import taxonomy
from conformance.rules.views.chat import answer

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy import ErrorClass
    from conformance.wire.case import Case, Session

_STREAM_KEYS = ("stream", "stream_options")


class Outcome(NamedTuple):
    """What one of the twins brought: an error's class, or None for a completion."""

    exchange: str
    kind: ErrorClass | None

    @property
    def shown(self) -> str:
        """The outcome in a word."""
        return self.kind.id if self.kind is not None else "an answer"


class RefusedTwins(NamedTuple):
    """One request's outcome without and with stream; at least one of them is an error that waiting does not mend."""

    plain: Outcome
    streamed: Outcome


def refused_twins(session: Session) -> list[RefusedTwins] | None:
    """Pairs of requests that differ in nothing but `stream`, where one was refused for good.

    What passes by itself (a rate limit, an overload, an outage) may strike one of the twins only, and pairs nothing.
    """
    if len(session.cases) < 2:  # noqa: PLR2004 - a pair
        return None
    result: list[RefusedTwins] = []
    outcomes = [(case, outcome) for case in session.cases if (outcome := _outcome(case)) is not None]
    for case, plain in outcomes:
        if case.asked.stream:
            continue
        twin = next((other for entry, other in outcomes if entry.asked.stream and _key(entry) == _key(case)), None)
        if twin is not None and (plain.kind is not None or twin.kind is not None):
            result.append(RefusedTwins(plain, twin))
    return result or None


def _outcome(case: Case) -> Outcome | None:
    response = case.exchange.response
    if response is None or response.status is None or case.reply.operation != "chat":
        return None
    if not case.reply.errors:
        return Outcome(case.exchange.id, None) if case.view(answer) is not None else None
    kind = taxonomy.classify_error(case.reply.errors[0], response)
    return None if kind.known is None or kind.known.retryable is True else Outcome(case.exchange.id, kind)


def _key(case: Case) -> tuple[object, ...]:
    request = case.exchange.request
    body = {key: value for key, value in request.json.items() if key not in _STREAM_KEYS}
    spoken = case.dialect.name if case.dialect is not None else None  # some dialects ask for a stream at another path
    return spoken, case.asked.model, request.headers.get("authorization"), str(body)
