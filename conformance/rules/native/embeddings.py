"""Embeddings of every protocol: one vector an input, in order, of one length, in the types of numbers that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.embeddings import (
    Echo,
    Embedded,
    echoed_texts,
    embedded,
    embedded_inputs,
    embedding_usage,
    embeddings_body,
    with_dimensions,
    with_encoding,
)
from conformance.wire.dialects.families import EMBEDDINGS, OPENAI_EMBEDDINGS
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import UsageReport

_OBJECT: Final = "https://platform.openai.com/docs/api-reference/embeddings/object (read 2026-11-28)"
_CREATE: Final = "https://platform.openai.com/docs/api-reference/embeddings/create (read 2026-11-28)"
_COHERE: Final = "https://docs.cohere.com/reference/embed (read 2026-11-29)"
_GEMINI: Final = "https://ai.google.dev/api/embeddings (read 2026-11-29)"
_OLLAMA: Final = "https://docs.ollama.com/api/embed (read 2026-11-29)"


@rule(
    "embeddings.response_shape",
    over=embeddings_body,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/create_embedding_response.py; {_COHERE}; {_GEMINI}; {_OLLAMA}",
    breaks="openai-python 3.52.0: ValueError `No embedding data received`, or data[0].embedding is None",
    example='{"embeddings": [[0.1, 0.2]]}',
    conforming='{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}], "model": "m", "usage": {...}}',
    by_schema=True,
)
def response_shape(body: dict[str, Any]) -> None:
    """An answer has the members that its protocol documents, and each vector is a list of numbers, or base64.

    OpenAI's has `model` and `data`, each entry with an integer index. Cohere's has `id` and `embeddings`, by type or as a list.
    Gemini's has `embedding` or `embeddings`, each with `values`. Ollama's has `embeddings`, or `embedding` of its older endpoint.
    Titan's has `embedding`, Nova's `embeddings` with one each.
    """


@rule(
    "embeddings.object_const",
    over=embeddings_body,
    dialects=OPENAI_EMBEDDINGS,
    severity=Severity.WARNING,
    source=_OBJECT,
    breaks="clients that dispatch on `object` take the answer for another",
    example='{"object": "embeddings", "data": [...]}',
    conforming='{"object": "list", "data": [{"object": "embedding", ...}]}',
)
def object_const(body: dict[str, Any]) -> Iterator[Finding]:
    """`object` is list, and embedding in each entry of `data`."""
    if body.get("object", MISSING) != "list":
        yield Finding("/object", shown(body.get("object", MISSING)), "'list'")
    for position, item in enumerate(body["data"] if isinstance(body.get("data"), list) else ()):
        if isinstance(item, dict) and item.get("object", MISSING) != "embedding":
            yield Finding(f"/data/{position}/object", shown(item.get("object", MISSING)), "'embedding'")
            return


@rule(
    "embeddings.one_per_input",
    over=embedded_inputs,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_CREATE}; {_COHERE}; {_GEMINI}: in the same order as provided in the batch request",
    breaks="vector stores pair texts and vectors by position: each text after the gap gets another's vector",
    example="three inputs, answered with two vectors",
)
def one_per_input(result: Embedded) -> Iterator[Finding]:
    """There is exactly one vector for each input, in each type of numbers."""
    wanted = len(result.asked.inputs)
    for listed in result.lists:
        if len(listed.vectors) != wanted:
            yield Finding(listed.pointer, f"has {len(listed.vectors)} vectors", f"{wanted}, one for each input")


@rule(
    "embeddings.index_order",
    over=embedded,
    dialects=OPENAI_EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}: index, the place in the list of embeddings",
    breaks="langchain and LlamaIndex read `data` in order: every text gets the vector of another",
    example='"index" 1, 0 for the first and the second entry',
    conforming='"index" 0, 1 for the first and the second entry',
)
def index_order(result: Embedded) -> Iterator[Finding]:
    """The entries of `data` stand in the order of their index, from 0."""
    for position, vector in enumerate(result.vectors):
        if isinstance(vector.index, int) and vector.index != position:
            yield Finding(f"/data/{position}/index", shown(vector.index), str(position))
            return


@rule(
    "embeddings.equal_length",
    over=embedded,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}: the length of the vector depends on the model",
    breaks="vector stores refuse the batch, numpy makes an array of objects of it",
    example="vectors of 1536 and of 1024 numbers in one answer",
)
def equal_length(result: Embedded) -> Iterator[Finding]:
    """All vectors of an answer have the same length, whatever their type of numbers: a byte of bits stands for eight."""
    readable = [
        (vector, listed.dimensions(vector)) for listed in result.lists for vector in listed.vectors if vector.numbers
    ]
    for vector, dimensions in readable:
        if dimensions != readable[0][1]:
            yield Finding(vector.pointer, f"has {dimensions} dimensions", f"{readable[0][1]}, as the first has")
            return


@rule(
    "embeddings.dimensions_honoured",
    over=with_dimensions,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: dimensions, the number of dimensions of the resulting vectors; {_COHERE}: output_dimension; "
    f"{_GEMINI}: outputDimensionality; {_OLLAMA}: dimensions",
    breaks="vector stores refuse vectors of another length than their index has",
    example='"dimensions": 256, answered with 1536 numbers',
)
def dimensions_honoured(result: Embedded) -> Iterator[Finding]:
    """Vectors have as many dimensions as the request asks for; a model that cannot do so refuses."""
    wanted = result.asked.dimensions
    for listed in result.lists:
        for vector in listed.vectors:
            if vector.numbers and listed.dimensions(vector) != wanted:
                received = f"has {listed.dimensions(vector)} dimensions"
                yield Finding(vector.pointer, received, f"{wanted}, as asked, or a 400")
                return


@rule(
    "embeddings.encoding_honoured",
    over=with_encoding,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: encoding_format; openai 3.52.0 resources/embeddings.py; {_COHERE}: embedding_types",
    breaks="clients that decode base64 get a list: TypeError",
    example='"encoding_format": "base64", answered with a list of numbers',
)
def encoding_honoured(result: Embedded) -> Iterator[Finding]:
    """Vectors come in the encodings that were asked for: base64 as a string, others as numbers.

    Where an answer has a list a type, each type that was asked for has one.
    """
    named = {listed.type for listed in result.lists if listed.type}
    missing = next((name for name in result.asked.number_types if named and name not in named), None)
    if missing is not None:
        yield Finding(f"/embeddings/{missing}", "is missing", "vectors of each type that was asked for")
    forms = {"float": "a list of numbers", "base64": "a string of base64"}
    for listed in result.lists:
        wanted = "base64" if (listed.type or result.asked.number_types[0]) == "base64" else "float"
        other = next((vector for vector in listed.vectors if vector.form not in {wanted, "other"}), None)
        if other is not None:
            yield Finding(other.pointer, f"is {forms[other.form]}", forms[wanted])
            return


@rule(
    "embeddings.texts_in_order",
    over=echoed_texts,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_COHERE}: texts, the entries for which embeddings were returned; recorded: 11 of 11 answers repeat their texts",
    breaks="clients that pair `texts` and `embeddings` of the answer store each text with another's vector",
    example='"texts": ["Snow"] for {"texts": ["Rain", "Snow"]}',
    conforming='"texts": ["Rain", "Snow"] for {"texts": ["Rain", "Snow"]}',
)
def texts_in_order(echo: Echo) -> Iterator[Finding]:
    """The texts that an answer repeats are those that were sent, in their order. Case and spaces are left alone: v1 wrote small letters."""
    if len(echo.repeated) != len(echo.sent):
        yield Finding("/texts", f"has {len(echo.repeated)} texts", f"the {len(echo.sent)} that were sent")
        return
    for place, (sent, repeated) in enumerate(zip(echo.sent, echo.repeated, strict=True)):
        if not isinstance(repeated, str) or "".join(repeated.split()).lower() != "".join(sent.split()).lower():
            yield Finding(f"/texts/{place}", shown(repeated, 60), f"{sent[:60]!r}, as it was sent")
            return


@rule(
    "embeddings.usage_shape",
    over=embeddings_body,
    dialects=EMBEDDINGS,
    severity=Severity.WARNING,
    source=f"{_CREATE}; {_COHERE}: meta; {_GEMINI}: usageMetadata",
    breaks="billing and budgets count nothing",
    example='{"data": [...], "usage": {"total_tokens": "3"}}',
    conforming='{"data": [...], "usage": {"prompt_tokens": 3, "total_tokens": 3}}',
    by_schema=True,
)
def usage_shape(body: dict[str, Any]) -> None:
    """Counts of tokens are integers, and an answer in OpenAI's form has prompt_tokens and total_tokens."""


@rule(
    "embeddings.usage_total",
    over=embedding_usage,
    dialects=EMBEDDINGS,
    severity=Severity.WARNING,
    source=_CREATE,
    breaks="cost is computed from either count: the bills differ",
    example='{"prompt_tokens": 3, "total_tokens": 0}',
    conforming='{"prompt_tokens": 3, "total_tokens": 3}',
)
def usage_total(report: UsageReport) -> Iterator[Finding]:
    """The tokens of the input are counted, and the total is no less: there is no output to add."""
    prompt, whole = report.value.get("prompt_tokens"), report.value.get("total_tokens")
    if prompt == 0:
        yield Finding(report.at("prompt_tokens"), "is 0", "at least 1")
    if isinstance(prompt, int) and isinstance(whole, int) and whole < prompt:
        yield Finding(report.at("total_tokens"), f"is {whole} for {prompt} tokens of the input", str(prompt))
