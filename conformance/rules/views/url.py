"""Views of answers to prompts that carry a URL: what was asked and supplied, what was answered, and what the judge says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.knowledge import grounding
from conformance.rules.views.chat import requested
from conformance.wire.dialects.ask import Call, Image, Other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.knowledge.grounding import Answer, Judged, Question
    from conformance.knowledge.grounding.browsing import Browsed
    from conformance.wire.case import Case

#: Below it one answer says nothing: 1 of 20 may be read wrongly there, and an audit meets many.
_SURE = 0.8


@dataclass(frozen=True)
class AboutPage:
    """An answer to a prompt that carries a URL, judged. Where the judge is unsure, nothing is said of it."""

    question: Question
    answer: Answer
    judged: Judged


class Cited(NamedTuple):
    """A provider's own browsing, and the pages it cites that neither it nor an earlier turn brought."""

    browsed: Browsed
    strays: tuple[str, ...]


def about_page(case: Case) -> AboutPage | None:
    """An answer in words or calls to a prompt with a URL, from a provider that did not open pages by itself."""
    result = case.view(requested) if _holds_address(case.exchange.request.body) else None
    if result is None or grounding.browsing.may_browse(case.exchange.request) or case.view(own_browsing) is not None:
        return None
    question, answer = grounding.question.question_of(case), grounding.question.answer_of(result.reply)
    if question is None or answer is None or not (answer.text.strip() or answer.calls):
        return None
    canary = grounding.canary.canary_in(question.context.supplied)
    question = replace(question, context=replace(question.context, canary=canary))
    return AboutPage(question, answer, grounding.judge(question, answer))


def own_browsing(case: Case) -> Browsed | None:
    """What an answer says of its provider's own browsing."""
    result = case.view(requested)
    return grounding.browsing.browsed(result.reply) if result is not None else None


def cited_pages(case: Case) -> Cited | None:
    """What an answer cites, where its provider browsed by itself and says of every search which pages it brought."""
    response = case.exchange.response
    if response is None or not _holds_address(response.body):
        return None
    result, answer = case.view(own_browsing), case.view(requested)
    if result is None or answer is None or not (result.cited and result.retrieved):
        return None
    if any(_is_unlisted_search(entry) for _, value in answer.reply.chunks for entry in _objects_in(value)):
        return None
    earlier = case.exchange.request.body.decode("utf-8", "replace").replace("\\/", "/")  # brought a turn before
    return Cited(result, tuple(url for url in result.strays if url not in earlier))


def unread_page(case: Case) -> AboutPage | None:
    """A first answer of which the judge is quite sure, to a question for a page that nothing in the request could hold.

    The first one after a tool that failed to bring the page is a first answer too. Of an answer that is not openly about the page (`The
    article says`, `I have read it`), nothing is said either.
    """
    result = case.view(about_page)
    if result is None or result.judged.confidence < _SURE:
        return None
    rates, question, judged = grounding.rates, result.question, result.judged
    if not rates.unseen(question) and not (question.context.results and rates.not_supplied(question)):
        return None
    if not grounding.page_questions.asks_for_page(question) or (
        rates.invents(question, judged) and not _owns_up(judged)
    ):
        return None
    turns = case.asked.turns
    first = all(isinstance(part, Call) for turn in turns if turn.role == "assistant" for part in turn.parts)
    words = all(not isinstance(part, Image | Other) for turn in turns for part in turn.parts)
    return result if first and words else None


def page_not_seen(case: Case) -> AboutPage | None:
    """An answer whose page was neither supplied nor brought by a tool, of which the judge is sure."""
    result = case.view(_sure)
    return result if result is not None and grounding.rates.not_supplied(result.question) else None


def page_out_of_reach(case: Case) -> AboutPage | None:
    """An answer without page or tool, of which the judge is sure."""
    result = case.view(_sure)
    return result if result is not None and grounding.rates.unseen(result.question) else None


def page_supplied(case: Case) -> AboutPage | None:
    """An answer whose page was supplied, of which the judge is sure."""
    result = case.view(_sure)
    return result if result is not None and grounding.rates.supplied(result.question) else None


def page_with_canary(case: Case) -> AboutPage | None:
    """An answer whose page was supplied and holds a canary."""
    result = case.view(about_page)
    return result if result is not None and result.question.context.canary else None


def tool_offered(case: Case) -> AboutPage | None:
    """A first answer to a prompt with a URL and an offered tool, of which the judge is sure."""
    result = case.view(_sure)
    return result if result is not None and grounding.rates.callable_(result.question) else None


def _holds_address(body: bytes) -> bool:
    """Whether a body holds an address at all: most hold none, and need not be looked through."""
    # One byte is looked for ten times as fast as three, and most bodies hold no slash.
    return b"/" in body and (b"://" in body or b":\\/\\/" in body)


def _is_unlisted_search(value: dict[str, Any]) -> bool:
    """Whether an object is a search that does not list its sources: OpenAI lists them only where `include` asks for them."""
    action = value.get("action")
    return isinstance(action, dict) and action.get("type") == "search" and not action.get("sources")


def _objects_in(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects_in(item)


def _sure(case: Case) -> AboutPage | None:
    result = case.view(about_page)
    return result if result is not None and not result.judged.unsure else None


def _owns_up(judged: Judged) -> bool:
    return any(span.cue in {"assert", "claim", "link"} for span in judged.evidence)
