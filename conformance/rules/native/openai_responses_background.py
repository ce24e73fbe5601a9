"""OpenAI Responses: what is made in the background, from its begin to its end, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.background import KEPT, Background, Recall, backgrounds, recalls
from conformance.wire.dialects.families import RESPONSES
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GUIDE: Final = "https://developers.openai.com/docs/guides/background (read 2026-11-29)"
#: A status by how far a response is with it. One that is not here is another rule's.
_STAGES: Final = {"queued": 0, "in_progress": 1, "completed": 2, "failed": 2, "incomplete": 2, "cancelled": 2}
_ENDED: Final = 2
#: So many looks, over so many seconds, show that a response does not move.
_LOOKS: Final = 8
_PATIENCE: Final = 20


@rule(
    "responses.background_order",
    over=backgrounds,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_GUIDE}: queued and in_progress, then a final state",
    breaks="clients that act on the final state act twice, or on a result that is taken back",
    example='"status": "completed", then "status": "in_progress"',
    conforming='"queued", "in_progress", "completed", "completed"',
    over_session=True,
)
def background_order(result: list[Background]) -> Iterator[Finding]:
    """The status of a response in the background goes from queued over in_progress to one that is final, and stays there."""
    for background in result:
        before = background.begun.value.get("status")
        for look in background.looks:
            status = look.value.get("status")
            stage, reached = _STAGES.get(str(status)), _STAGES.get(str(before))
            if stage is None or reached is None:
                continue
            if stage < reached or (reached == _ENDED and status != before):
                yield Finding(
                    "/status", f"{shown(status)} after {before!r}", _next(str(before)), exchange=look.exchange
                )
            before = status


def _next(before: str) -> str:
    return repr(before) if _STAGES[before] == _ENDED else f"{before!r}, or what comes after it"


@rule(
    "responses.background_same",
    over=backgrounds,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_GUIDE}; https://platform.openai.com/docs/api-reference/responses/get (read 2026-11-29): the response with that id",
    breaks="clients that key jobs by id or by their beginning take one response for several",
    example='GET /responses/resp_1 answers {"id": "resp_2"}',
    conforming='GET /responses/resp_1 answers {"id": "resp_1", "created_at": as it was created}',
    over_session=True,
)
def background_same(result: list[Background]) -> Iterator[Finding]:
    """Each look at a response in the background has its id and the created_at that it began with."""
    for background in result:
        begun = background.begun.value
        for look in background.looks:
            for name in ("id", "created_at"):
                value, wanted = look.value.get(name, MISSING), begun.get(name, MISSING)
                if look.value and wanted is not MISSING and value != wanted:
                    yield Finding(f"/{name}", shown(value), f"{wanted!r}, as it began", exchange=look.exchange)


@rule(
    "responses.background_moves",
    over=backgrounds,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_GUIDE}: keep polling while the request is queued or in_progress",
    breaks="clients that wait for the end wait for ever",
    example='"status": "queued" at each of eight looks within 20 seconds',
    over_session=True,
)
def background_moves(result: list[Background]) -> Iterator[Finding]:
    """A response in the background leaves its queue within eight looks and 20 seconds.

    A long queue is legal, so that this is a warning. Looks that follow each other faster say nothing; our client waits three seconds each.
    """
    for background in result:
        looks = background.looks
        waited = background.seconds(looks[-1])
        long = background.ours or (waited is not None and waited >= _PATIENCE)
        if len(looks) >= _LOOKS and long and all(look.value.get("status") == "queued" for look in looks):
            yield Finding(
                "/status", f"is 'queued' at {len(looks)} looks", "in_progress, or an end", exchange=looks[-1].exchange
            )


@rule(
    "responses.background_found",
    over=backgrounds,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_GUIDE}: a response is kept for roughly ten minutes to be polled",
    breaks="the answer is made, billed and lost: no client can fetch it",
    example='404 for GET /responses/resp_1, seconds after POST answered {"id": "resp_1", "status": "queued"}',
    conforming='200 {"id": "resp_1", "status": "in_progress"}',
    over_session=True,
)
def background_found(result: list[Background]) -> Iterator[Finding]:
    """A response in the background is found by its id for ten minutes."""
    for background in result:
        for look in background.looks:
            waited = background.seconds(look)
            if not look.value and waited is not None and waited < KEPT:
                received = f"status {look.status} for {background.id}, {waited:.0f} seconds after it began"
                yield Finding("", received, "the response", exchange=look.exchange)


@rule(
    "responses.stored_found",
    over=recalls,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/conversation-state (read 2026-11-30): stored responses are kept for 30 days; "
    "lmstudio-ai/lmstudio-bug-tracker#1188, SamSaffron/term-llm#460",
    breaks="clients that go on from previous_response_id lose the conversation at its second turn",
    example='"previous_response_id": "resp_1" is not found, after {"id": "resp_1", "store": true}',
    conforming='"previous_response_id": "resp_1" is answered, after {"id": "resp_1", "store": true}',
    over_session=True,
    when_seen="an answer that says it is stored, and a request for it",
)
def stored_found(result: list[Recall]) -> Iterator[Finding]:
    """A response that is stored is found by its id, and goes on as a previous response.

    One that was deleted, or asked for after ten minutes or on another host, is not judged.
    """
    for recall in result:
        if recall.is_lost:
            received = f"status {recall.status} for {recall.id}, which is stored"
            yield Finding("", received, "the response", exchange=recall.exchange)
