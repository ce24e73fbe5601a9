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
    """Yield each url_citation of a body, a chunk or a final response: its event, its pointer, its members, the length of its text.

    The length is in units of UTF-16, the most that a client counts; None in a chunk, which holds a part of the text alone.
    """
    for event, value in reply.chunks if reply.operation == "chat" and _annotates(reply) else ():
        for at, holder in _annotated(value):
            text = holder.get("content", holder.get("text"))
            whole = isinstance(text, str) and (event is None or "delta" not in at)
            length = len(str(text).encode("utf-16-le", "replace")) // 2 if whole else None
            for number, entry in enumerate(objects(holder.get("annotations"))):
                if "choices" in at:
                    yield event, f"{at}/annotations/{number}/url_citation", mapping(entry, "url_citation"), length
                elif entry.get("type") == "url_citation":
                    yield event, f"{at}/annotations/{number}", entry, length


def _annotated(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the messages, deltas and parts of a body or an event that may have annotations, each with its pointer."""
    for position, item in enumerate(objects(value.get("choices"))):
        yield from ((f"/choices/{position}/{name}", mapping(item, name)) for name in ("message", "delta"))
    holder, at = (mapping(value, "response"), "/response") if "response" in value else (value, "")
    for position, item in enumerate(objects(holder.get("output"))):
        for number, part in enumerate(objects(item.get("content"))):
            yield f"{at}/output/{position}/content/{number}", part


def _annotates(reply: Reply) -> bool:
    """Whether any chunk has annotations: most streams have none, and chunks alike but for one text are alike in this."""
    return any(holder.get("annotations") for _, value in reply.telling for _, holder in _annotated(value))


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
