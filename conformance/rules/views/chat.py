"""Views of a completion, streamed or not: its envelope, its choices, its text, its usage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.stream import begun_stream
from conformance.wire.dialects.ask import NO_WORDS
from conformance.wire.dialects.reading import objects

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.ask import Vocabulary
    from conformance.wire.dialects.reply import Asked, Choice, Reply, UsageReport
    from conformance.wire.dialects.tape import Envelope


@dataclass(frozen=True)
class Answer:
    """A successful completion beside the request that asked for it."""

    asked: Asked
    reply: Reply
    request: dict[str, Any]
    words: Vocabulary

    @property
    def choices(self) -> list[Choice]:
        """The assembled choices."""
        return self.reply.choices

    @property
    def stopped_at_once(self) -> bool:
        """Whether a stop string may have ended the answer before its first word."""
        return bool(self.asked.stop)


def answer(case: Case) -> Answer | None:
    """A completion without an error. An empty `choices` is an answer too."""
    if not case.reply.succeeded or case.exchange.fidelity == "sdk-level":
        return None
    words = case.dialect.vocabulary if case.dialect is not None else NO_WORDS
    return Answer(case.asked, case.reply, case.exchange.request.json, words)


def request_is_known(case: Case) -> bool:
    """Whether the stored request is the one that was answered: it has a body, and it asked for a stream where one came.

    Recorders that match on the path alone store a stream beside a request that asked for none.
    """
    known = case.exchange.fidelity != "response-only" and bool(case.exchange.request.json)
    return known and (case.asked.stream or not case.reply.streamed)


def requested(case: Case) -> Answer | None:
    """A completion whose request was stored too, so that what was asked can be held against what came."""
    return case.view(answer) if request_is_known(case) else None


def ended_answer(case: Case) -> Answer | None:
    """A completion that came to its own end: a broken stream has its own rule."""
    result = case.view(answer)
    return (
        result if result is not None and result.choices and all(choice.finishes for choice in result.choices) else None
    )


def wire_answer(case: Case) -> Answer | None:
    """A completion whose ids and dates are the wire's own."""
    return case.view(answer) if case.exchange.on_wire else None


def plain_answer(case: Case) -> Answer | None:
    """A completion in one JSON body."""
    result = case.view(answer)
    return result if result is not None and not result.reply.streamed else None


def envelopes(case: Case) -> list[Envelope] | None:
    """What each chunk of a completion says of the whole, where ids and dates are the wire's own."""
    result = case.view(wire_answer)
    return list(result.reply.envelopes) or None if result is not None else None


def streamed_envelopes(case: Case) -> list[Envelope] | None:
    """What each chunk of a stream says of the whole, where ids and dates are the wire's own."""
    return case.view(envelopes) if case.view(begun_stream) is not None else None


def envelopes_by_choice(case: Case) -> list[list[Envelope]] | None:
    """The same, where several choices were asked for by the choice that a chunk is of: some servers send an answer a choice."""
    told = case.view(streamed_envelopes)
    if told is None or case.asked.n == 1:
        return [told] if told is not None else None
    of = {
        event: items[0].get("index") for event, value in case.reply.chunks if (items := objects(value.get("choices")))
    }
    indices = list(dict.fromkeys(of.values()))
    return [[envelope for envelope in told if of.get(envelope.event) == index] for index in indices]


def choices(case: Case) -> list[Choice] | None:
    """The choices of a completion, where there are any."""
    result = case.view(answer)
    return result.choices if result is not None and result.choices else None


def streamed_choices(case: Case) -> list[Choice] | None:
    """The choices of a stream."""
    stream = case.view(begun_stream)
    return stream.choices if stream is not None and stream.choices else None


def usages(case: Case) -> list[UsageReport] | None:
    """Every usage report of an answer that is an object."""
    reply = case.reply
    if not reply.asks_model or not reply.chunks or reply.errors or case.exchange.fidelity == "sdk-level":
        return None
    return [report for report in reply.usages if isinstance(report.value, dict)] or None


def with_logprobs(case: Case) -> Answer | None:
    """A completion in chat choices that carry logprobs."""
    result = case.view(answer)
    if result is None:
        return None
    for _, value in result.reply.telling:
        listed = value.get("choices")
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, dict) and item.get("logprobs") is not None:
                return result
    return None
