"""The class of an error: the first entry of matchers.toml (schemas/error-matchers.json) that fits."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.knowledge.taxonomy.classes import UNKNOWN, Confidence, ErrorClass
from conformance.knowledge.taxonomy.hints import hints_of
from conformance.knowledge.taxonomy.signals import Placement, Signals, read_signals
from conformance.wire.dialects import dialect_of
from conformance.wire.dialects.reading import is_event_stream, is_failure, read_events
from conformance.wire.dialects.reply import ErrorBody
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Exchange, Response

_FILE = Path(__file__).with_name("matchers.toml")
_LIMITED = "rate_limited"
_IN_A_STREAM = "stream_error"


@dataclass(frozen=True)
class Matcher:
    """One entry of the table: every condition that it states has to hold."""

    word: str
    codes: tuple[str, ...] = ()
    says: tuple[re.Pattern[str], ...] = ()
    status: frozenset[int | str] = frozenset()
    shape: frozenset[str] = frozenset()
    holds: str = ""
    over_limit: bool = False
    hinted: bool = False

    def evidence(self, signals: Signals, *, hinted: bool) -> tuple[str, ...] | None:
        """Return the conditions that fit, in words; None where one does not hold."""
        if (self.over_limit and not signals.over_limit) or (self.hinted and not hinted):
            return None
        if self.status and not {signals.status, _hundred(signals)} & self.status:
            return None
        if (self.shape and signals.shape not in self.shape) or (self.holds and self.holds not in signals.members):
            return None
        reasons: list[str] = []
        if self.codes:
            code = next((code for code in signals.codes if any(_fits(code, pattern) for pattern in self.codes)), None)
            if code is None:
                return None
            reasons.append(f"code {code}")
        if self.says:
            match = next(
                (hit for text in signals.prose for grammar in self.says if (hit := grammar.search(text))), None
            )
            if match is None:
                return None
            reasons.append(f"says {match[0][:80]!r}")
        reasons += [f"has {self.holds}"] if self.holds else []
        reasons += ["a request above the limit it names"] if self.over_limit else []
        return (*reasons, *_status(signals))

    @property
    def confidence(self) -> Confidence:
        """The strength of the evidence: a machine-readable word, prose, or the status alone."""
        if self.codes or self.holds:
            return "high"
        return "medium" if self.says or self.over_limit else "low"


def _fits(code: str, pattern: str) -> bool:
    """Return whether a code fits a pattern: most patterns are the code itself, and need no grammar made of them."""
    return code == pattern if pattern.isidentifier() else fnmatchcase(code, pattern)


def _status(signals: Signals) -> tuple[str, ...]:
    if signals.status is None:
        return ()
    return (f"{'names status' if signals.inner_status else 'status'} {signals.status}",)


def _hundred(signals: Signals) -> str:
    """Return the class of a status as the table writes it; `2xx` where an error stands in a success and names no status."""
    return f"{signals.status // 100}xx" if signals.status is not None else "2xx"


def _matcher(entry: Mapping[str, Any]) -> Matcher:
    return Matcher(
        word=entry.get("class") or entry["word"],
        codes=tuple(entry.get("codes", ())),
        says=tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry.get("says", ())),
        status=frozenset(entry.get("status", ())),
        shape=frozenset(entry.get("shape", ())),
        holds=entry.get("holds", ""),
        over_limit=entry.get("over_limit", False),
        hinted=entry.get("hinted", False),
    )


_TABLE = tomllib.loads(_FILE.read_text("utf-8"))
MATCHERS: Final = tuple(map(_matcher, _TABLE["match"]))
_LIMITS: Final = tuple(map(_matcher, _TABLE["limit"]))


def classify(exchange: Exchange, reply: Reply | None = None) -> ErrorClass | None:
    """Return the class of an exchange's error; None where it holds none.

    An error is a status that is no 2xx, an error in the body of a 2xx, or an error in a stream, in any dialect that we decode
    and in any JSON body of an operation that we do not. A request that nobody answered is `unknown`.

    Args:
        exchange: the exchange to classify.
        reply: its decoded response, where somebody has decoded it already; None: it is decoded here.
    """
    response = exchange.response
    if response is None:
        return ErrorClass(
            UNKNOWN, None, (f"no answer ({exchange.meta.get('error', 'nothing was kept of it')})",), "none"
        )
    dialect = dialect_of(exchange)
    if dialect is not None and (errors := (reply or dialect.decode(exchange)).errors):
        return classify_error(errors[0], response)
    if is_event_stream(response):
        error = next(_errors_in(exchange, response), None)
        return classify_error(error, response) if error else None
    value = response.document.value
    has_error = isinstance(value, dict) and isinstance(value.get("error"), dict | str) and bool(value["error"])
    if not is_failure(response.status) and (not has_error or dialect is not None):
        return None
    return _classify(value, response, "body" if is_failure(response.status) else "success")


def _errors_in(exchange: Exchange, response: Response) -> Iterator[ErrorBody]:
    """Yield the errors of an event stream that no dialect claims."""
    for event, value in read_events(exchange, response, "unknown").chunks:
        if value.get("error"):
            yield ErrorBody(event, value, "")


def classify_error(error: ErrorBody, response: Response) -> ErrorClass:
    """Return the class of an error that a dialect found in a response."""
    if is_failure(response.status):
        return _classify(error.value, response, "body")
    return _classify(error.value, response, "success" if error.event is None else "stream")


def _classify(value: Any, response: Response, placement: Placement) -> ErrorClass:  # noqa: ANN401 - any JSON
    text = response.body.decode("utf-8", "replace") if value is None or value is MISSING else ""
    signals = read_signals(value, text, status=response.status, headers=response.headers, placement=placement)
    return name_of(signals, hinted=any(hint.kind == "wait" for hint in hints_of(response)))


@lru_cache(maxsize=1024)
def name_of(signals: Signals, *, hinted: bool = False) -> ErrorClass:
    """Return the class that signals tell; `hinted` says that the answer states when to come back."""
    for matcher in MATCHERS:
        evidence = matcher.evidence(signals, hinted=hinted)
        if evidence is not None:
            limit = _limit(signals) if matcher.word == _LIMITED else None
            return ErrorClass(matcher.word, limit, evidence, matcher.confidence)
    if signals.placement == "stream":
        return ErrorClass(_IN_A_STREAM, None, ("an error in a stream that says no more", *_status(signals)), "low")
    reasons = [*(f"code {code}" for code in signals.codes[:3]), *(f"says {text[:80]!r}" for text in signals.prose[:1])]
    return ErrorClass(UNKNOWN, None, (*(reasons or ["it says nothing"]), *_status(signals)), "none")


def _limit(signals: Signals) -> str | None:
    """Return the limit that codes or prose name."""
    for limit in _LIMITS:
        coded = any(_fits(code, pattern) for code in signals.codes for pattern in limit.codes)
        if coded or any(grammar.search(text) for grammar in limit.says for text in signals.prose):
            return limit.word
    return None
