"""What a target's observations say together: refusals that nothing was learned from, and a server that fails on some requests only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.http import PERSISTENT
from conformance.rules.judging import Judgement, judge
from conformance.rules.table import RULES
from conformance.verdicts.shared_feature import shared_features
from conformance.verdicts.usable import Rank
from conformance.wire.case import Case
from conformance.wire.exchange import FAILS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.verdicts.cell import Observation
    from conformance.wire.exchange import Exchange

#: So many attempts, the first and the last so far apart, are no passing trouble.
FEWEST_ATTEMPTS: Final = 3
SPREAD: Final = timedelta(minutes=1)


def settled(observations: Iterable[Observation]) -> list[Observation]:
    """Return a target's observations, each with what only all of them together tell.

    Where no completion came at all, a refusal of one request says nothing of what was in it. Where some came, a server that failed
    on every attempt at another request, over a minute and more, fails for good.
    """
    seen = list(observations)
    if any(each.answered for each in seen):
        return list(_with_failures(seen))
    return [_opened(each) for each in seen]


def _opened(seen: Observation) -> Observation:
    """Return an observation of which no refusal of a request counts as an answer. What was found in it stands."""
    worth = tuple(
        replace(each, why="refused, and so was every other request: nothing was learned of what it asks for")
        if each.rank is Rank.REQUEST_REFUSED and each.why is None and seen.probe.expected(number).kind == "completion"
        else each
        for number, each in enumerate(seen.worth)
    )
    if worth == seen.worth:
        return seen
    return replace(seen, worth=worth, unusable=seen.unusable or next(each.why for each in worth if each.why))


def _with_failures(seen: Sequence[Observation]) -> Iterator[Observation]:
    failed = {index: exchange for index, each in enumerate(seen) if (exchange := failed_for_good(each)) is not None}
    answered = [
        exchange.request
        for each in seen
        if each.answered
        for exchange, worth in zip(each.exchanges, each.worth, strict=True)
        if worth.rank is Rank.GOOD
    ]
    words = shared_features([exchange.request for exchange in failed.values()], answered) if failed else []
    sentences = dict(zip(failed, words, strict=True))
    for index, each in enumerate(seen):
        exchange = failed.get(index)
        if exchange is None:
            yield each
            continue
        received = f"{_ended(exchange)} on each of {len(_attempts(exchange))} attempts, to {sentences[index]}"
        noted = replace(exchange, meta={**exchange.meta, FAILS_ON: received})
        judged = judge(Case(noted), [RULES[PERSISTENT]])
        before = each.judgements[len(each.exchanges) - 1]
        both = Judgement(before.checked | judged.checked, (*before.findings, *judged.findings))
        judgements = (*each.judgements[: len(each.exchanges) - 1], both, *each.judgements[len(each.exchanges) :])
        yield replace(each, judgements=judgements, failure=judged.findings[0])


def failed_for_good(seen: Observation) -> Exchange | None:
    """Return the exchange of an ordinary probe on which the server failed at every attempt, over a minute and more; else None."""
    if not seen.exchanges or len(seen.worth) != len(seen.exchanges):
        return None
    number, exchange = len(seen.exchanges) - 1, seen.exchanges[-1]
    if not seen.worth[-1].server_failed or seen.probe.expected(number).kind == "refusal":
        return None
    return exchange if is_persistent(exchange) else None


def is_persistent(exchange: Exchange) -> bool:
    """Whether every attempt at a request met a failure of the server, over a minute and more."""
    attempts = _attempts(exchange)
    if len(attempts) < FEWEST_ATTEMPTS or not all(_failed(each) for each in attempts):
        return False
    moments = [moment for each in attempts if (moment := _moment(each.get("at"))) is not None]
    return len(moments) == len(attempts) and max(moments) - min(moments) >= SPREAD


def attempt(exchange: Exchange, why: str) -> dict[str, Any]:
    """Return an attempt as `meta["attempts"]` keeps it (schemas/cassette.json)."""
    response = exchange.response
    return {
        "why": why,
        "status": response.status if response is not None else None,
        "eof": response.eof if response is not None else None,
        "at": exchange.recorded_at.isoformat() if exchange.recorded_at else None,
    }


def _attempts(exchange: Exchange) -> list[Mapping[str, Any]]:
    """Return every attempt, the last one included."""
    return [*exchange.meta.get("attempts", ()), attempt(exchange, "")]


def _failed(tried: Mapping[str, Any]) -> bool:
    """Whether a server failed: a 5xx but 501, which says that nobody means to answer, or a connection that broke."""
    if "status" not in tried:  # noted before the status was
        return False
    status = tried["status"]
    if status is None or tried.get("eof") in {"reset", "timeout"}:
        return True
    return isinstance(status, int) and status >= 500 and status not in {501, 511}  # noqa: PLR2004 - RFC 9110 15.6


def _ended(exchange: Exchange) -> str:
    statuses = dict.fromkeys(each.get("status") for each in _attempts(exchange))
    if None in statuses:
        return "a broken connection" if len(statuses) == 1 else "a failure"
    if exchange.response is not None and exchange.response.eof in {"reset", "timeout"}:
        return "a broken answer"
    return f"status {' or '.join(map(str, statuses))}"


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
