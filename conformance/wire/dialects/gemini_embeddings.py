"""Gemini's embeddings: embedContent of one content, batchEmbedContents of several, and Vertex AI's predict of its instances.

Requests may write fields either way (`outputDimensionality`, `output_dimensionality`): both are the protobuf JSON mapping's.
Source: https://ai.google.dev/api/embeddings (read 2026-11-29), google-genai 3.4.0 types.EmbedContentResponse;
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api (read 2026-11-29); 31 recorded answers of the
Gemini API and 19 of Vertex AI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from conformance.wire.dialects.ask import Composed, NotSayable, Vocabulary
from conformance.wire.dialects.gemini.requests import camel
from conformance.wire.dialects.reading import mapping, objects, text_of, typed
from conformance.wire.dialects.reply import Asked, Operation, UsageReport
from conformance.wire.dialects.single import carry_on, history, single
from conformance.wire.dialects.vectors import VectorList, vector, vector_decoder, vector_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.ask import Ask
    from conformance.wire.exchange import Exchange, Request

__all__ = ["LIMITS", "NAME", "VOCABULARY", "asked", "carry_on", "claims", "compose", "decode", "history"]

NAME: Final = "gemini-embeddings"
VOCABULARY = Vocabulary({}, frozenset())
LIMITS: tuple[str, ...] = ()
_METHOD: Final = re.compile(
    r"/models/([^/:]+(?:/[^/:]+){0,9}):(embedContent|batchEmbedContents|predict)\Z", re.IGNORECASE
)
_NAMES: Final = {"prompt_tokens": "promptTokenCount", "total_tokens": "totalTokenCount"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none. Vertex AI's predict serves other models too."""
    method = _METHOD.search(request.path) if request.method == "POST" else None
    if method is None:
        return "unknown"
    embeds = method[2].lower() != "predict" or any("content" in item for item in objects(request.json.get("instances")))
    return "embed" if embeds else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request. A batch says of each content what one request says of its own."""
    body = camel(request.json)
    method = _METHOD.search(request.path)
    contents = objects(body.get("requests")) or objects(body.get("instances")) or [body]
    first = {**contents[0], **mapping(contents[0], "embedContentConfig"), **mapping(body, "parameters")}
    lengths = {item.get("outputDimensionality") for item in contents}
    return Asked(
        operation=operation_of(request),
        model=unquote(method[1]) if method else None,
        n=0,
        inputs=tuple(_text(item.get("content")) for item in contents if "content" in item),
        dimensions=typed(first, "outputDimensionality", int) if len(lengths) == 1 else None,
        purpose="/".join(str(first.get(name) or "") for name in ("taskType", "title")),
        prompt=text_of([item.get("content") for item in contents]),
    )


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:  # noqa: ARG001 - the face
    """Write a request, whose path names the model.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None leaves its place open.
        refused: parameters that the target does not take.
    """
    request = single(ask, model, {"turns"}, "texts")
    if isinstance(request, NotSayable):
        return request
    body = {} if request.text is None else {"content": {"parts": [{"text": request.text}]}}
    return Composed("POST", f"models/{request.model or '{model}'}:embedContent", body)


def _text(content: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Return the words of a content; None where it has anything else."""
    if isinstance(content, str):
        return content
    parts = objects(content.get("parts")) if isinstance(content, dict) else []
    whole = parts and all(isinstance(part.get("text"), str) for part in parts)
    return "\n".join(part["text"] for part in parts) if whole else None


def _lists(body: dict[str, Any]) -> Iterator[VectorList]:
    if isinstance(body.get("embedding"), dict):
        yield VectorList("/embedding", "", (vector("/embedding/values", body["embedding"].get("values")),))
    yield from vector_list("/embeddings", body.get("embeddings"), below=("values",))
    yield from vector_list("/predictions", body.get("predictions"), below=("embeddings", "values"))


def _usage(body: dict[str, Any]) -> UsageReport | None:
    counts = body.get("usageMetadata")
    if not isinstance(counts, dict):
        return None
    value = {name: counts[own] for name, own in _NAMES.items() if own in counts}
    return UsageReport(None, "/usageMetadata", value, with_choices=True, names=_NAMES)


decode = vector_decoder(operation_of, _lists, _usage, {})
