"""Embeddings of Amazon's own models by Bedrock's InvokeModel: Titan's and Nova's. They are read, and not asked.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html (read 2026-11-29); 28 recorded answers of bedrock-runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.bedrock_converse.paths import place_of
from conformance.wire.dialects.reading import mapping, text_of, typed
from conformance.wire.dialects.reply import Asked, Operation, UsageReport
from conformance.wire.dialects.vectors import VectorList, vector, vector_decoder, vector_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange, Request

NAME: Final = "bedrock-embeddings"
VOCABULARY = Vocabulary({}, frozenset())
LIMITS: tuple[str, ...] = ()
#: Titan's text models have `inputText` too: the id of those that embed says so.
_EMBEDS: Final = "embed"


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    place, body = place_of(request), request.json
    if place is None or place.operation != "invoke" or _EMBEDS not in place.model:
        return "unknown"
    return "embed" if {"inputText", "inputImage", "singleEmbeddingParams"} & body.keys() else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request of either form: one input, a text or a picture."""
    body, place = request.json, place_of(request)
    single = mapping(body, "singleEmbeddingParams")
    text = mapping(single, "text").get("value", body.get("inputText"))
    mixed = "inputImage" in body or not isinstance(text, str)
    return Asked(
        operation=operation_of(request),
        model=place.model if place is not None else None,
        n=0,
        inputs=(None if mixed else text,),
        dimensions=typed(body, "dimensions", int)
        or typed(single, "embeddingDimension", int)
        or typed(mapping(body, "embeddingConfig"), "outputEmbeddingLength", int),
        purpose=f"{single.get('embeddingPurpose') or ''}/{body.get('normalize')}",
        prompt=text_of(text),
    )


def _lists(body: dict[str, Any]) -> Iterator[VectorList]:
    if "embedding" in body:
        yield VectorList("/embedding", "", (vector("/embedding", body["embedding"]),))
    yield from vector_list("/embeddings", body.get("embeddings"), below=("embedding",))


def _usage(body: dict[str, Any]) -> UsageReport | None:
    if "inputTextTokenCount" not in body:
        return None
    value = {"prompt_tokens": body["inputTextTokenCount"]}
    return UsageReport(None, "", value, with_choices=True, names={"prompt_tokens": "inputTextTokenCount"})


decode = vector_decoder(operation_of, _lists, _usage, {})
