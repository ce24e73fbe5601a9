"""The signals of an error, wherever they stand: machine-readable words, prose, status, shape. Never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.wire.json_text import MISSING, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: `stream`: in a stream after the first event; `success`: in a body under a 2xx; `body`: where it belongs.
Placement: TypeAlias = Literal["body", "success", "stream"]
Shape: TypeAlias = Literal[
    "error-object", "flat", "detail", "message", "error-string", "array", "problem", "html", "text", "empty"
]

_CODES = ("code", "type", "status", "reason", "error_type", "errorType", "error_code", "__type", "sub_code")
_PROSE = ("message", "msg", "detail", "error", "error_message", "error_description", "title", "description")
#: Where errors hold other errors: an upstream's body, a list of causes.
_INNER = ("error", "errors", "detail", "details", "metadata", "raw", "innererror", "response", "message", "cause")
#: Words that only say that this is an error.
_EMPTY_WORDS = frozenset(
    {"", "error", "none", "null", "about_blank", "object", "failed", "api_error", "response_failed"}
)
_DEEPEST = 5  # levels of errors in errors that are read
_MOST = 40  # objects of one body that are read: a hostile one holds any number
_LONGEST = 2000  # characters of prose that are read
_HTML = re.compile(r"^\s*(<!doctype|<html|<head|<\?xml)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LIMIT = re.compile(r"limit:? (\d{1,18}).{0,80}requested:? ~?(\d{1,18})", re.IGNORECASE | re.DOTALL)
_STATUSES = range(400, 600)


@dataclass(frozen=True)
class Signals:
    """The signals of an error. `codes` are in lower snake case; `status` is that of the answer, or the one that an error in a 2xx names."""

    status: int | None
    placement: Placement
    shape: Shape
    codes: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    over_limit: bool = False
    inner_status: bool = False  # whether `status` is the error's own word


@dataclass
class _Found:
    codes: dict[str, None] = field(default_factory=dict)
    prose: dict[str, None] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)
    read: int = 0


def read_signals(
    value: Any,  # noqa: ANN401 - any JSON
    text: str,
    *,
    status: int | None,
    headers: Mapping[str, str],
    placement: Placement,
) -> Signals:
    """Return the signals of an error.

    Args:
        value: the JSON value of its body or event; None or MISSING where it is no JSON.
        text: the body's text, for a body that is no JSON.
        status: of the answer.
        headers: of the answer, names in lower case.
        placement: where the error stands.
    """
    collected = _Found()
    _word(headers.get("x-amzn-errortype", "").partition(":")[0], collected)
    if value is None or value is MISSING:
        _say(text, collected)
    else:
        _walk(value, collected, 0)
    inner = placement != "body" or status is None or status < _STATUSES.start
    named = next(iter(collected.statuses), None) if inner else None
    prose = tuple(collected.prose)
    return Signals(
        status=named if inner else status,
        placement=placement,
        shape=shape_of(value, text, headers.get("content-type", "")),
        codes=tuple(collected.codes),
        prose=prose,
        members=frozenset(collected.members),
        over_limit=any(int(match[2]) > int(match[1]) for line in prose for match in _LIMIT.finditer(line)),
        inner_status=named is not None,
    )


def shape_of(value: Any, text: str, content_type: str) -> Shape:  # noqa: ANN401, PLR0911 - any JSON; a table of forms
    """Return the form of an error's body, in the words of schemas/provider.json; `problem` is RFC 9457's, `html` a page."""
    if value is None or value is MISSING:
        if not text.strip():
            return "empty"
        return "html" if _HTML.match(text) or "html" in content_type else "text"
    if isinstance(value, list):
        return "array"
    if not isinstance(value, dict):
        return "text"
    error = value.get("error")
    if isinstance(error, dict):
        return "error-object"
    if isinstance(error, str):
        return "error-string"
    if "problem+json" in content_type or {"title", "status"} <= value.keys():
        return "problem"
    if "detail" in value:
        return "detail"
    return "message" if "message" in value and not {"code", "type"} & value.keys() else "flat"


def _walk(value: Any, collected: _Found, depth: int) -> None:  # noqa: ANN401 - any JSON
    if depth > _DEEPEST or collected.read >= _MOST:
        return
    if isinstance(value, str):
        _read_text(value, collected, depth)
    elif isinstance(value, list):
        for item in value[:_MOST]:
            if depth == 0 or isinstance(item, dict | list):
                _walk(item, collected, depth + 1)
    elif isinstance(value, dict):
        _read_object(value, collected, depth)


def _read_object(value: dict[str, Any], collected: _Found, depth: int) -> None:
    collected.read += 1
    collected.members.update(value)
    for name in _CODES:
        _word(value.get(name), collected)
    for name in _PROSE:
        _read_text(value.get(name), collected, depth)
    for item in _inner(value):
        _walk(item, collected, depth + 1)


def _inner(value: dict[str, Any]) -> Iterator[Any]:
    yield from (value[name] for name in _INNER if isinstance(value.get(name), dict | list))
    raw = value.get("raw")
    if isinstance(raw, str):
        yield raw


def _read_text(value: object, collected: _Found, depth: int) -> None:
    """Read prose; an upstream's whole body may be quoted in it."""
    if not isinstance(value, str):
        return
    _say(value, collected)
    start = value.find("{")
    if start >= 0 and value.rstrip().endswith("}"):
        inner = read_json(value[start:].strip().encode("utf-8", "surrogatepass")).value
        if isinstance(inner, dict):
            _walk(inner, collected, depth + 1)


def _say(text: str, collected: _Found) -> None:
    sentence = " ".join(text[:_LONGEST].replace("\u2019", "'").split())
    if sentence:
        collected.prose[sentence] = None


def _word(value: object, collected: _Found) -> None:
    """Note a machine-readable word. A number in the range of failures is a status; prose in its place is prose."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return
    text = str(value).strip() if isinstance(value, str) else _digits(value)
    if text.isascii() and text.isdigit() and len(text) < 19:  # noqa: PLR2004 - what fits 64 bits
        if int(text) in _STATUSES:
            collected.statuses.append(int(text))
        else:
            collected.codes[text] = None
    elif " " in text:
        _say(text, collected)
    else:
        name = _CAMEL.sub("_", text[:80]).replace("-", "_").replace(":", "_").replace(".", "_").lower().strip("_")
        if name not in _EMPTY_WORDS:
            collected.codes[name] = None


def _digits(value: int) -> str:
    return str(value) if abs(value) < 10**18 else ""
