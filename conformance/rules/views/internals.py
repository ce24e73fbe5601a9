"""What an error tells of the server's inside: an interpreter's exception, a stack trace, a path of its files, a host of its cluster."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import Failure
    from conformance.wire.case import Case
    from conformance.wire.exchange import Request

#: A message that is nothing but a quoted name: what Python prints of a KeyError.
_BARE_KEY: Final = re.compile(r"'[\w.-]{1,40}'")
#: Members that say what is wrong. Beside them, the entries of a validation quote values: the request's, or documented ones.
_SAYING: Final = frozenset({"error", "errors", "message", "msg", "detail", "details", "reason", "error_message"})
_LONGEST: Final = 20_000
_KEPT: Final = 2_000  # characters of an error's text whose pieces are kept


class ToldError(NamedTuple):
    """The texts of one error, a failed answer's or a stream's, and the event that it stands in."""

    event: int | None
    texts: tuple[str, ...]
    messages: tuple[str, ...] = ()  # of the texts, those that say what is wrong


class ToldErrors(NamedTuple):
    """The errors of an exchange and the request that they answer."""

    request: Request
    errors: list[ToldError]


def told_errors(case: Case) -> ToldErrors | None:
    """The errors that an answer of a known operation tells, as a failed answer or inside of a stream."""
    errors = [
        ToldError(
            error.event,
            (*_texts(error.value), "" if error.event is not None else error.text),
            (*_messages(error.value), "" if error.event is not None else error.text),
        )
        for error in case.reply.errors
    ]
    return ToldErrors(case.exchange.request, errors) if errors else None


def internals(error: ToldError, request: Request) -> str:
    """Return the first piece of the server's inside in an error's texts; empty where there is none, or the request holds it too."""
    bare = next((text.strip() for text in error.messages if _BARE_KEY.fullmatch(text.strip())), "")
    whole = "\n".join(error.texts)[:_LONGEST]
    of_runtimes, of_parsers = _pieces(whole) if len(whole) <= _KEPT else _pieces.__wrapped__(whole)
    if of_parsers and (not request.json or holds_broken_arguments(request.json)):
        of_parsers = ()
    for piece in (*of_runtimes, *of_parsers):
        if piece.strip(":( ").encode("utf-8", "surrogatepass") not in request.body:
            return piece
    return bare


def holds_broken_arguments(value: object, depth: int = 8) -> bool:
    """Whether a request sends a call's arguments that are no JSON: a parser's words may be of them."""
    if isinstance(value, dict):
        arguments = value.get("arguments")
        if isinstance(arguments, str) and read_json(arguments.encode("utf-8", "surrogatepass")).error is not None:
            return True
        value = list(value.values())
    return isinstance(value, list) and depth > 0 and any(holds_broken_arguments(item, depth - 1) for item in value)


def is_inside(failure: Failure) -> bool:
    """Whether the words that tell the class of a failure are those of the server's runtime: they speak of no fault of the request.

    The name of an exception for an invalid request does.
    """
    piece = internals(ToldError(failure.body.event, (failure.message,), (failure.message,)), failure.request)
    words = [reason.removeprefix("says ")[1:-1] for reason in failure.kind.evidence if reason.startswith("says ")]
    return bool(piece) and any(told in piece and "exception" not in told.lower() for told in words)


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what each of the patterns finds. Errors are the same words again and again, and the patterns are the price of them."""
    return tuple(tuple(match[0] for match in pattern.finditer(text)) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a server's inside looks like, and what parsers of JSON print: of the client's body, where that is broken."""
    words = tomllib.loads(files(__package__).joinpath("runtime_words.toml").read_text("utf-8"))
    parser = re.compile("|".join(words.pop("json_parsers")))
    return re.compile("|".join(form for forms in words.values() for form in forms), re.MULTILINE), parser


def _texts(value: object, depth: int = 5) -> Iterator[str]:
    """Yield the texts of a JSON value, as they read without JSON's escapes."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item, depth - 1)


def _messages(value: object, depth: int = 5) -> Iterator[str]:
    """Yield the texts of a JSON value that say what is wrong."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for item in [value[name] for name in value if name in _SAYING] if isinstance(value, dict) else value:
            yield from _messages(item, depth - 1)
