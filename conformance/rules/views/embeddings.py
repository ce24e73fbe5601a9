"""Views of embeddings: the vectors beside the inputs that they are of."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.rules.views.chat import request_is_known
from conformance.wire.dialects.reading import strings
from conformance.wire.dialects.reply import Asked
from conformance.wire.dialects.vectors import NO_BASE64, RANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case, Session
    from conformance.wire.dialects.reply import UsageReport
    from conformance.wire.dialects.vectors import Vector, VectorList


_WORDS: Final = re.compile(r"[a-z0-9]+")
#: Characters and words of a text that a model with a window of 256 tokens still reads.
_WINDOW, _SEEN = 1000, 100


@dataclass(frozen=True)
class Embedded:
    """The vectors of an answer, and what was asked; nothing was where the request was not stored."""

    lists: list[VectorList]
    asked: Asked

    @property
    def vectors(self) -> Iterator[Vector]:
        """Every vector of every list."""
        return (vector for listed in self.lists for vector in listed.vectors)


def embedded(case: Case) -> Embedded | None:
    """An answer with vectors, or with a list of none."""
    if case.view(embeddings_body) is None or not case.reply.vectors:
        return None
    known = request_is_known(case)
    lists = (
        [_readable(listed, case.exchange.request.json) for listed in case.reply.vectors]
        if known
        else case.reply.vectors
    )
    return Embedded(lists, case.asked if known else Asked("embed"))


def _readable(listed: VectorList, asked: dict[str, Any]) -> VectorList:
    """Return a list without the numbers of vectors in base64 that nobody asked for as floats: providers write other types so as well.

    Source: https://docs.perplexity.ai/api-reference/embeddings-post (base64_int8 is the default, base64_binary),
    https://docs.voyageai.com/docs/embeddings (output_dtype) (read 2026-11-29).
    """
    floats = asked.get("encoding_format") == "base64" and asked.get("output_dtype", "float") == "float"
    if listed.type or floats or all(vector.form != "base64" for vector in listed.vectors):
        return listed
    unread = (
        vector if vector.form != "base64" or vector.why == NO_BASE64 else vector._replace(numbers=(), why="")
        for vector in listed.vectors
    )
    return listed._replace(vectors=tuple(unread))


def embeddings_body(case: Case) -> dict[str, Any] | None:
    """The body of an answer, whatever it holds."""
    reply = case.reply
    answered = reply.operation == "embed" and reply.chunks and not reply.errors
    return reply.chunks[0].value if answered and case.exchange.fidelity != "sdk-level" else None


def embedded_inputs(case: Case) -> Embedded | None:
    """An answer with vectors, to a request whose inputs were stored."""
    result = case.view(embedded)
    return result if result is not None and result.asked.inputs else None


def with_dimensions(case: Case) -> Embedded | None:
    """An answer with vectors that can be counted, to a request that names their length."""
    result = case.view(embedded)
    if result is None or (result.asked.dimensions or 0) <= 0:
        return None
    return result if all(vector.numbers or vector.form != "base64" or vector.why for vector in result.vectors) else None


def with_encoding(case: Case) -> Embedded | None:
    """An answer with vectors, to a request that names documented types of numbers."""
    result = case.view(embedded)
    return result if result is not None and result.asked.number_types else None


def whole_numbers(case: Case) -> Embedded | None:
    """An answer with vectors in a type of integers."""
    result = case.view(embedded)
    return result if result is not None and any(listed.type in RANGES for listed in result.lists) else None


class Echo(NamedTuple):
    """The texts that a request sent, and those that its answer repeats."""

    sent: tuple[str, ...]
    repeated: list[Any]


def echoed_texts(case: Case) -> Echo | None:
    """The texts that the body of an answer repeats, beside those of the request."""
    result, body = case.view(embedded_inputs), case.view(embeddings_body)
    sent = strings(case.exchange.request.json.get("texts"))
    if result is None or body is None or not sent or not isinstance(body.get("texts"), list):
        return None
    return Echo(sent, body["texts"])


def embedding_usage(case: Case) -> UsageReport | None:
    """The usage of an answer with vectors of texts, where it is an object."""
    result = case.view(embedded)
    reports = case.reply.usages if result is not None and None not in result.asked.inputs else []
    return reports[0] if reports and isinstance(reports[0].value, dict) else None


class Repeats(NamedTuple):
    """Two vectors of one input, of one model and length, in one session: where the second stands, and how alike they are."""

    pointer: str
    exchange: str
    cosine: float


def repeated_inputs(session: Session) -> list[Repeats] | None:
    """Every input of a session that was embedded more than once: alone, in a batch, or in another encoding."""
    first: dict[tuple[Any, ...], tuple[float, ...]] = {}
    result = []
    for exchange, key, vector in _vectors(session):
        if key in first:
            result.append(Repeats(vector.pointer, exchange, _cosine(first[key], vector.numbers)))
        first.setdefault(key, vector.numbers)
    return result or None


class Shared(NamedTuple):
    """One vector that stands for two texts: where it stands the second time, and the texts."""

    pointer: str
    exchange: str
    first: str
    second: str


def shared_vectors(session: Session) -> list[Shared] | None:
    """The vectors of a session that stand for two texts with other words; None where no two texts have other words."""
    seen: dict[tuple[Any, ...], tuple[tuple[str, ...], str]] = {}
    result, texts = [], set()
    for exchange, (provider, model, purpose, text, _), vector in _vectors(session):
        words = _first_words(text) if isinstance(text, str) else ()
        if not words:
            continue
        texts.add(words)
        other, before = seen.setdefault((provider, model, purpose, vector.numbers), (words, text))
        if other != words:
            result.append(Shared(vector.pointer, exchange, before, text))
    return result if len(texts) > 1 else None


def _first_words(text: str) -> tuple[str, ...]:
    """Return the words that every model sees: without case and marks, of Latin letters and digits, up to a short window."""
    plain = unicodedata.normalize("NFKD", text[:_WINDOW]).casefold()
    return tuple(_WORDS.findall(plain))[:_SEEN]


def _vectors(session: Session) -> Iterator[tuple[str, tuple[Any, ...], Vector]]:
    """Yield each vector with what it depends on. Integers are a coarser vector, and none that a float is held against."""
    for case in session.cases:
        result = case.view(embedded_inputs)
        for listed in result.lists if result is not None else ():
            asked = case.asked
            if listed.type in RANGES or len(listed.vectors) != len(asked.inputs) or asked.model is None:
                continue
            for text, vector in zip(asked.inputs, listed.vectors, strict=True):
                if vector.numbers and text is not None:
                    key = (case.exchange.provider, asked.model, asked.purpose, text, len(vector.numbers))
                    yield case.exchange.id, key, vector


def _cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(left * right for left, right in zip(one, other, strict=True)) / lengths if lengths else 0.0
