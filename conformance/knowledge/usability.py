"""How usable an answer is for the request that asked for it: one order, from a good completion down to no answer at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from conformance.knowledge.taxonomy import CLASSES, classify
from conformance.knowledge.taxonomy.signals import shape_of
from conformance.wire.exchange import BROKEN_OFF, CLAIM

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy import ErrorClass
    from conformance.wire.case import Case
    from conformance.wire.exchange import Response

#: The kinds of answer that a request can ask for.
Expects: TypeAlias = Literal["completion", "listing", "refusal"]
#: What of an answer is judged: all rules, only those of the failure itself (http.*, error.*), or none.
Judged: TypeAlias = Literal["all", "failure", "nothing"]


class Expected(NamedTuple):
    """The kind of answer that a request asks for. `deserved` are the error classes of access that it brings upon itself."""

    kind: Expects
    deserved: frozenset[str] = frozenset()


class Rank(IntEnum):
    """How much an answer is worth, in order. Nothing is ever written over what is worth more."""

    NEVER_ANSWERED = 0
    BROKEN = 1
    SERVER_ERROR = 2  # a 5xx, a 429, and what passes by itself
    ACCESS_REFUSED = 3  # nothing can be learned: key, credit, model, region, somebody else's page
    REQUEST_REFUSED = 4  # something is learned: the provider does not take what was asked
    GOOD = 5  # of the kind that the probe asks for


#: Classes of the taxonomy that refuse whoever asks, whatever is asked, in words. `{key}` is the key's name.
_ACCESS: Final = {
    "bad_key": "{key} is refused",
    "no_key": "{key} did not count as one",
    "no_permission": "{key} may not ask this, or not from here",
    "unknown_model": "the model is unknown here",
    "retired_model": "the model is retired",
    "no_credit": "the account has no credit",
    "quota_exhausted": "the account's quota is used up",
    "spend_cap": "the account's spending limit is reached",
}
#: Where the body tells no class of access.
_OF_STATUS: Final[dict[int | str, str]] = {401: "bad_key", 402: "no_credit", 403: "no_permission"}
KEY_REFUSED: Final = frozenset({"bad_key", "no_key"})
#: They hold for every request from the moment they are met.
_FOR_ALL: Final = KEY_REFUSED | {"no_credit", "quota_exhausted", "spend_cap"}
#: Classes that a request meets for what it asks: the provider's true answer to it.
_ABOUT_REQUEST: Final = frozenset(
    {
        "bad_parameter",
        "context_too_long",
        "dependency_failed",
        "invalid_output",
        "invalid_request",
        "malformed_body",
        "moderated",
        "request_too_large",
        "unknown_parameter",
        "unprocessable",
        "unsupported_feature",
        "wrong_media_type",
    }
)
#: Statuses that speak of the request even where the body says nothing (RFC 9110 15.5, read 2026-11-21).
_BLAME_THE_REQUEST: Final = frozenset({400, 413, 422})
#: Statuses of access, whatever the body says: no key, no money, forbidden, a proxy, the law, a login page (RFC 6585 6, RFC 7725).
_ACCESS_STATUSES: Final = frozenset({401, 402, 403, 407, 451, 511})
_CLAIMED: Final = (
    "the answer names itself emulated, and no server of ours gave it: --emulated says that the address is one"
)
_TOO_MANY: Final = 429
_SERVER: Final = 500
_NOT_IMPLEMENTED: Final = 501
#: Members of a listing, or of a model's own entry, in any dialect.
_LISTS: Final = frozenset({"data", "models", "id", "object", "name"})
_BROKEN: Final = frozenset({"reset", "timeout"})


@dataclass(frozen=True)
class Usability:
    """What an answer is worth for its probe. `why` says why it decides nothing; None where it is usable.

    `kind` is the class of its error. `repeats` says that every further request of the target can only meet the same:
    `always`, or `at first`: unless another one was answered.
    """

    rank: Rank
    why: str | None = None
    judged: Judged = "all"
    kind: str | None = None
    repeats: Literal["always", "at first"] | None = None

    @property
    def server_failed(self) -> bool:
        """Whether a server failed, or broke off, where it may have had to answer."""
        return self.rank in {Rank.NEVER_ANSWERED, Rank.BROKEN} or self.kind == "5xx"


def usability(case: Case, expected: Expected, *, key: str = "the key") -> Usability:
    """Return what an answer is worth. One that names itself emulated, and is no server's of ours, proves nothing but what is wrong.

    Args:
        case: the exchange.
        expected: the kind of answer that its step asks for.
        key: the name of the key that was sent, for people.
    """
    result = _usability(case, expected, key)
    if CLAIM in case.exchange.meta and result.why is None:
        return replace(result, rank=Rank.SERVER_ERROR, why=_CLAIMED)
    return result


def _usability(case: Case, expected: Expected, key: str) -> Usability:
    exchange, response = case.exchange, case.exchange.response
    if response is None or response.status is None:
        error = exchange.meta.get("error")
        why = f"the connection never answered ({error})" if error else "the connection never answered"
        return Usability(Rank.NEVER_ANSWERED, why, "nothing")
    status = response.status
    if status >= _SERVER or status == _TOO_MANY:
        return _server_error(case, expected, status, key)
    if response.eof in _BROKEN:
        limit = exchange.meta.get(BROKEN_OFF)
        why = f"the connection broke ({response.eof})" if limit is None else f"the answer was {limit}"
        return Usability(Rank.BROKEN, why, "failure")
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110 15.4
        where = response.headers.get("location", "")
        to = f" to {where[:80]}" if where else ""
        return Usability(Rank.ACCESS_REFUSED, f"{status}: redirected{to}, so somebody else answers", "failure")
    if status >= 400:  # noqa: PLR2004 - RFC 9110 15.5
        return _refused(case, response, expected, status, key)
    return _success(case, response, expected, status, key)


def _server_error(case: Case, expected: Expected, status: int, key: str) -> Usability:
    kind = classify(case.exchange, case.reply)
    if status in _ACCESS_STATUSES or (status == _TOO_MANY and kind is not None and kind.id in _ACCESS):
        return _no_access(kind, expected, status, key) or Usability(
            Rank.ACCESS_REFUSED, f"{status}: a login page, or nobody lets this machine through", "failure"
        )
    counted = "5xx" if status >= _SERVER and status != _NOT_IMPLEMENTED else None
    return Usability(Rank.SERVER_ERROR, f"status {status}", "failure", counted)


def _refused(case: Case, response: Response, expected: Expected, status: int, key: str) -> Usability:
    kind = classify(case.exchange, case.reply)
    word = kind.id if kind is not None else ""
    no_access = _no_access(kind, expected, status, key)
    if no_access is not None:
        return no_access
    if expected.kind == "refusal":
        # A page of HTML may be somebody else's: it is judged, and replaces no refusal in the provider's own form.
        return Usability(Rank.REQUEST_REFUSED if _is_page(response) else Rank.GOOD, kind=word)
    if _passes(kind):
        return Usability(Rank.SERVER_ERROR, f"{status}: {_says(word)}", "failure", word)
    if expected.kind == "listing" and not _is_page(response):
        return Usability(Rank.REQUEST_REFUSED, kind=word)
    stated = kind is not None and (kind.confidence != "low" or status in _BLAME_THE_REQUEST)
    if word in _ABOUT_REQUEST and stated and not _is_page(response):
        return Usability(Rank.REQUEST_REFUSED, kind=word)
    page = "a page of HTML answers, so somebody else does" if _is_page(response) else _says(word)
    return Usability(Rank.ACCESS_REFUSED, f"{status}: {page}", "failure", word)


def _no_access(kind: ErrorClass | None, expected: Expected, status: int | str, key: str) -> Usability | None:
    """Return the refusal of whoever asks; None for any other, and for one that the step deserves."""
    word = kind.id if kind is not None else ""
    if word in expected.deserved or (expected.deserved and status in _ACCESS_STATUSES):
        return None
    if word == "moderated" or (word not in _ACCESS and status not in _ACCESS_STATUSES):
        return None
    if expected.kind == "listing" and word in {"unknown_model", "retired_model"}:
        return None
    if word not in _ACCESS and word != "edge_error":
        word = _OF_STATUS.get(status, word)
    says = _ACCESS[word].format(key=key) if word in _ACCESS else _says(word)
    repeats: Literal["always", "at first"] = "always" if word in _FOR_ALL else "at first"
    return Usability(Rank.ACCESS_REFUSED, f"{status}: {says}", "failure", word, repeats)


def _success(case: Case, response: Response, expected: Expected, status: int, key: str) -> Usability:
    begun = any(choice.text or choice.tool_calls or choice.reasoning for choice in case.reply.choices)
    kind = classify(case.exchange, case.reply) if not begun else None
    if kind is not None:
        return _error_inside(kind, expected, f"{status} with an error inside", key)
    if _is_page(response):
        why = f"{status}: a page of HTML answers, so somebody else does"
        return Usability(Rank.ACCESS_REFUSED, why, "failure")
    return _answer(case, response, expected, status, begun=begun)


def _error_inside(kind: ErrorClass, expected: Expected, place: str, key: str) -> Usability:
    no_access = _no_access(kind, expected, place, key)
    if no_access is not None:
        return no_access
    if _passes(kind):
        return Usability(Rank.SERVER_ERROR, f"{place}: {_says(kind.id)}", "failure", kind.id)
    return Usability(Rank.REQUEST_REFUSED, kind=kind.id)


def _answer(case: Case, response: Response, expected: Expected, status: int, *, begun: bool) -> Usability:
    """Return what a 2xx is worth that holds no error before its first output. What is found in it stands in any case."""
    reply = case.reply
    if expected.kind == "listing" or not reply.asks_model:
        value = response.document.value
        listed = isinstance(value, list) or (isinstance(value, dict) and not _LISTS.isdisjoint(value))
        contents = listed or (not reply.asks_model and reply.operation != "models")
        return (
            Usability(Rank.GOOD)
            if contents
            else Usability(Rank.ACCESS_REFUSED, f"{status}: what answers is no listing")
        )
    if reply.operation != "chat":  # vectors, or the words of a sound
        if reply.chunks or reply.choices:
            return Usability(Rank.GOOD)
        return Usability(Rank.ACCESS_REFUSED, f"{status}: what answers is not what was asked for")
    if begun and not reply.succeeded:  # broken off by an error: the provider's own answer
        return Usability(Rank.REQUEST_REFUSED)
    if not reply.succeeded:
        return Usability(Rank.ACCESS_REFUSED, f"{status}: what answers is no completion")
    return Usability(Rank.GOOD) if reply.choices else Usability(Rank.REQUEST_REFUSED, f"{status}: it holds no choice")


def _passes(kind: ErrorClass | None) -> bool:
    known = kind.known if kind is not None else None
    return known is not None and known.retryable is True


def _is_page(response: Response) -> bool:
    value = response.document.value if not response.body.lstrip().startswith(b"<") else None
    text = response.body[:2000].decode("utf-8", "replace")
    return shape_of(value, text, response.content_type) == "html"


def _says(word: str) -> str:
    """Return a class in words."""
    known = CLASSES.get(word)
    return (
        f"{word.replace('_', ' ')} ({known.says[0].lower()}{known.says[1:].rstrip('.')})"
        if known
        else "no reason is given"
    )
