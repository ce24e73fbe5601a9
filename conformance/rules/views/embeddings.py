"""Views of embeddings: the vectors beside the inputs that they are of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import request_is_known
from conformance.wire.dialects.embeddings import inputs, vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case, Session
    from conformance.wire.dialects.embeddings import Vector
    from conformance.wire.dialects.reply import UsageReport


@dataclass(frozen=True)
class Embedded:
    """The vectors of an answer, and the request's members; `inputs` is empty where the request was not stored."""

    vectors: list[Vector]
    inputs: tuple[Any, ...]
    request: dict[str, Any]


def embedded(case: Case) -> Embedded | None:
    """An answer with vectors, or with a list of none."""
    reply = case.reply
    if reply.operation != "embed" or not reply.chunks or reply.errors or case.exchange.fidelity == "sdk-level":
        return None
    if not isinstance(reply.chunks[0].value.get("data"), list):
        return None
    request = case.exchange.request.json if request_is_known(case) else {}
    return Embedded(vectors(reply), inputs(request.get("input")), request)


def embeddings_body(case: Case) -> dict[str, Any] | None:
    """The body of an answer, whatever it holds."""
    reply = case.reply
    answered = reply.operation == "embed" and reply.chunks and not reply.errors
    return reply.chunks[0].value if answered and case.exchange.fidelity != "sdk-level" else None


def embedded_inputs(case: Case) -> Embedded | None:
    """An answer with vectors, to a request whose inputs were stored."""
    result = case.view(embedded)
    return result if result is not None and result.inputs else None


def with_dimensions(case: Case) -> Embedded | None:
    """An answer with vectors, to a request that names their length."""
    result = case.view(embedded)
    wanted = result.request.get("dimensions") if result is not None else None
    return result if isinstance(wanted, int) and wanted > 0 and not isinstance(wanted, bool) else None


def with_encoding(case: Case) -> Embedded | None:
    """An answer with vectors, to a request that names a documented encoding."""
    result = case.view(embedded)
    return result if result is not None and result.request.get("encoding_format") in ("float", "base64") else None


def embedding_usage(case: Case) -> UsageReport | None:
    """The usage of an answer with vectors, where it is an object."""
    reports = case.reply.usages if case.view(embedded) is not None else []
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


def _vectors(session: Session) -> Iterator[tuple[str, tuple[Any, ...], Vector]]:
    for case in session.cases:
        result = case.view(embedded_inputs)
        if result is None or len(result.vectors) != len(result.inputs):
            continue
        model, provider = result.request.get("model"), case.exchange.provider
        for text, vector in zip(result.inputs, result.vectors, strict=True):
            if vector.numbers and isinstance(model, str):
                yield case.exchange.id, (provider, model, text, len(vector.numbers)), vector


def _cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(left * right for left, right in zip(one, other, strict=True)) / lengths if lengths else 0.0
