"""What a target's conversations say together: refusals that nothing was learned from, and a server that fails on some requests only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.knowledge.usability import Rank
from conformance.verdicts.shared_feature import shared_features
from conformance.wire.attempts import attempts_of, how_it_failed, is_persistent
from conformance.wire.exchange import FAILS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.probes.conversation import Conversation


def settled(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return a target's conversations, each with what only all of them together tell, so that they can be judged.

    Where no completion came at all, a refusal of one request says nothing of what was in it. Where some came, a server that failed
    on every attempt at another request, over a minute and more, fails for good: `meta` of that exchange says on which requests.
    """
    seen = list(conversations)
    if any(conversation.answered for conversation in seen):
        return list(_with_failures(seen))
    return [_opened(conversation) for conversation in seen]


def _opened(seen: Conversation) -> Conversation:
    """Return a conversation of which no refusal of a request counts as an answer. What will be found in it stands."""
    worth = tuple(
        replace(answer, why="refused, and so was every other request: nothing was learned of what it asks for")
        if answer.rank is Rank.REQUEST_REFUSED
        and answer.why is None
        and seen.probe.expected(number).kind == "completion"
        else answer
        for number, answer in enumerate(seen.worth)
    )
    if worth == seen.worth:
        return seen
    return replace(seen, worth=worth, unusable=seen.unusable or next(answer.why for answer in worth if answer.why))


def _with_failures(seen: Sequence[Conversation]) -> Iterator[Conversation]:
    failed = {
        index: conversation.exchanges[-1] for index, conversation in enumerate(seen) if fails_for_good(conversation)
    }
    answered = [
        case.exchange.request
        for conversation in seen
        if conversation.answered
        for case, worth in zip(conversation.cases, conversation.worth, strict=True)
        if worth.rank is Rank.GOOD
    ]
    words = shared_features([exchange.request for exchange in failed.values()], answered) if failed else []
    sentences = dict(zip(failed, words, strict=True))
    for index, conversation in enumerate(seen):
        exchange = failed.get(index)
        if exchange is None:
            yield conversation
            continue
        on = f"{how_it_failed(exchange)} on each of {len(attempts_of(exchange))} attempts, to {sentences[index]}"
        *rest, last = conversation.cases
        yield replace(conversation, cases=(*rest, last.noted(**{FAILS_ON: on})))


def fails_for_good(seen: Conversation) -> bool:
    """Whether the server failed on the last request of an ordinary probe at every attempt, over a minute and more."""
    if not seen.cases or not seen.worth[-1].server_failed or seen.probe.expected(len(seen.cases) - 1).kind == "refusal":
        return False
    return is_persistent(seen.cases[-1].exchange)
