"""Views for the rules that JSON Schemas carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.views.chat import answer
from conformance.rules.views.http import is_success
from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


def decoded(case: Case) -> Reply | None:
    """Any reply that held JSON, as it was sent: an SDK's dump adds and drops fields."""
    return case.reply if case.reply.chunks and case.exchange.fidelity != "sdk-level" else None


def citations(reply: Reply) -> Iterator[tuple[int | None, str, dict[str, Any], int | None]]:
    """Yield each url_citation of a plain body or of a chunk: its event, its pointer, its members, and the length of the text it is of.

    The length is that of UTF-16, the longest that a client counts; None in a chunk, which holds a part of the text alone.
    """
    for event, value in reply.chunks if reply.operation == "chat" and _annotates(reply) else ():
        for position, item in enumerate(objects(value.get("choices"))):
            for holder in ("message", "delta"):
                message = mapping(item, holder)
                text = message.get("content")
                for number, entry in enumerate(objects(message.get("annotations"))):
                    at = f"/choices/{position}/{holder}/annotations/{number}/url_citation"
                    whole = event is None and isinstance(text, str)
                    yield (
                        event,
                        at,
                        mapping(entry, "url_citation"),
                        len(str(text).encode("utf-16-le", "replace")) if whole else None,
                    )


def _annotates(reply: Reply) -> bool:
    """Whether any chunk has annotations: most streams have none, and chunks alike but for one text are alike in this."""
    items = (item for _, value in reply.telling for item in objects(value.get("choices")))
    return any(mapping(item, holder).get("annotations") for item in items for holder in ("message", "delta"))


def usage_chunks(case: Case) -> Answer | None:
    """A completion that reports usage."""
    result = case.view(answer)
    return result if result is not None and result.reply.usages else None


def plain_body(case: Case) -> Reply | None:
    """A successful answer that is no stream: a completion or a listing in one body."""
    response, reply = case.exchange.response, case.reply
    if response is None or reply.streamed or reply.errors or not (reply.chunks or reply.unreadable):
        return None
    if case.exchange.fidelity == "sdk-level":
        return None
    return reply if response.status is None or is_success(response.status) else None
