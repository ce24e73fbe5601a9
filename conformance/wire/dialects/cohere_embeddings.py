"""Cohere's embeddings, of both versions and by Bedrock's InvokeModel: texts in, their vectors out, in one list a type of numbers.

Source: https://docs.cohere.com/reference/embed and /v1/reference/embed (read 2026-11-29), cohere 7.3.1 types/embed_by_type_response.py
and types/embed_floats_response.py; 11 recorded answers of api.cohere.com.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Composed, NotSayable, Vocabulary
from conformance.wire.dialects.bedrock_converse.paths import place_of
from conformance.wire.dialects.reading import mapping, objects, strings, text_of, typed
from conformance.wire.dialects.reply import Asked, Operation, UsageReport
from conformance.wire.dialects.single import carry_on, history, single
from conformance.wire.dialects.vectors import VectorList, vector_decoder, vector_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.ask import Ask
    from conformance.wire.exchange import Exchange, Request

__all__ = ["LIMITS", "NAME", "VOCABULARY", "asked", "carry_on", "claims", "compose", "decode", "history"]

NAME: Final = "cohere-embeddings"
VOCABULARY = Vocabulary({}, frozenset())
LIMITS: tuple[str, ...] = ()
#: Other servers have a /v1/embed of their own: Cohere's request has texts, images or inputs.
_INPUTS: Final = ("texts", "images", "inputs")
_TYPES: Final = ("float", "int8", "uint8", "binary", "ubinary", "base64")


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    place = place_of(request)
    invoked = place is not None and place.operation == "invoke" and "input_type" in request.json
    named = request.method == "POST" and request.path.endswith(("/v1/embed", "/v2/embed"))
    return "embed" if named or invoked else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect: /v2/embed, or another path with an input of Cohere's own."""
    request = exchange.request
    own = request.path.endswith("/v2/embed") or any(name in request.json for name in _INPUTS)
    return operation_of(request) != "unknown" and own


def asked(request: Request) -> Asked:
    """Read a request."""
    body, place = request.json, place_of(request)
    return Asked(
        operation=operation_of(request),
        model=place.model if place is not None else typed(body, "model", str),
        n=0,
        inputs=tuple(_inputs(body)),
        dimensions=typed(body, "output_dimension", int),
        number_types=strings(body.get("embedding_types")),
        purpose=str(body.get("input_type") or ""),
        prompt=text_of(body.get("texts"), body.get("inputs")),
    )


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:  # noqa: ARG001 - the face
    """Write a request of v2, which has to say what the vectors are for and which types they have.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    request = single(ask, model, {"turns"}, "texts")
    if isinstance(request, NotSayable):
        return request
    body: dict[str, Any] = {} if request.model is None else {"model": request.model}
    if request.text is not None:
        body |= {"texts": [request.text], "input_type": "search_document", "embedding_types": ["float"]}
    return Composed("POST", "v2/embed", body)


def _inputs(body: dict[str, Any]) -> Iterator[str | None]:
    """Yield what is to embed: a text, or None for a picture and for what mixes both."""
    yield from strings(body.get("texts"))
    yield from (None for _ in strings(body.get("images")))
    for item in objects(body.get("inputs")):
        parts = objects(item.get("content"))
        yield parts[0].get("text") if len(parts) == 1 and isinstance(parts[0].get("text"), str) else None


def _lists(body: dict[str, Any]) -> Iterator[VectorList]:
    listed = body.get("embeddings")
    if isinstance(listed, dict):
        for name, values in listed.items():
            yield from vector_list(f"/embeddings/{name}", values, type_=name) if name in _TYPES else ()
    else:
        yield from vector_list("/embeddings", listed)


def _usage(body: dict[str, Any]) -> UsageReport | None:
    units = mapping(body, "meta", "billed_units")
    if "input_tokens" not in units:
        return None
    names = {"prompt_tokens": "input_tokens"}
    value = {"prompt_tokens": units["input_tokens"]}
    return UsageReport(None, "/meta/billed_units", value, with_choices=True, names=names)


decode = vector_decoder(operation_of, _lists, _usage, {"id": "id"})
