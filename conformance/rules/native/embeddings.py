"""Embeddings: one vector an input, in order, of one length, in the encoding that was asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.embeddings import (
    Embedded,
    Repeats,
    embedded,
    embedded_inputs,
    embedding_usage,
    embeddings_body,
    repeated_inputs,
    with_dimensions,
    with_encoding,
)
from conformance.wire.dialects.families import EMBEDDINGS
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import UsageReport

_OBJECT: Final = "https://platform.openai.com/docs/api-reference/embeddings/object (read 2026-11-28)"
_CREATE: Final = "https://platform.openai.com/docs/api-reference/embeddings/create (read 2026-11-28)"
#: Vectors of one text below it would rank documents otherwise: 16-bit arithmetic and batching stay above 0.9999.
_ALIKE: Final = 0.999


@rule(
    "embeddings.response_shape",
    over=embeddings_body,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/create_embedding_response.py",
    breaks="openai-python 3.52.0: ValueError `No embedding data received`, or data[0].embedding is None",
    example='{"embeddings": [[0.1, 0.2]]}',
    conforming='{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}], "model": "m", "usage": {...}}',
    by_schema=True,
)
def response_shape(body: dict[str, Any]) -> None:
    """An answer has `model` and a list `data`, each entry with an integer index and its vector: numbers, or base64."""


@rule(
    "embeddings.object_const",
    over=embeddings_body,
    dialects=EMBEDDINGS,
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
    source=_CREATE,
    breaks="vector stores pair texts and vectors by position: each text after the gap gets another's vector",
    example="three inputs, answered with two vectors",
)
def one_per_input(result: Embedded) -> Iterator[Finding]:
    """There is exactly one vector for each input."""
    if len(result.vectors) != len(result.inputs):
        yield Finding("/data", f"has {len(result.vectors)} vectors", f"{len(result.inputs)}, one for each input")


@rule(
    "embeddings.index_order",
    over=embedded,
    dialects=EMBEDDINGS,
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
    """All vectors of an answer have the same length."""
    readable = [vector for vector in result.vectors if vector.numbers]
    for vector in readable:
        if len(vector.numbers) != len(readable[0].numbers):
            yield Finding(
                vector.pointer, f"has {len(vector.numbers)} numbers", f"{len(readable[0].numbers)}, as the first has"
            )
            return


@rule(
    "embeddings.dimensions_honoured",
    over=with_dimensions,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: dimensions, the number of dimensions of the resulting vectors",
    breaks="vector stores refuse vectors of another length than their index has",
    example='"dimensions": 256, answered with 1536 numbers',
)
def dimensions_honoured(result: Embedded) -> Iterator[Finding]:
    """Vectors have as many numbers as `dimensions` asks for; a model that cannot do so refuses."""
    wanted = result.request["dimensions"]
    for vector in result.vectors:
        if vector.numbers and len(vector.numbers) != wanted:
            yield Finding(vector.pointer, f"has {len(vector.numbers)} numbers", f"{wanted}, as asked, or a 400")
            return


@rule(
    "embeddings.encoding_honoured",
    over=with_encoding,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: encoding_format; openai 3.52.0 resources/embeddings.py",
    breaks="clients that decode base64 get a list: TypeError",
    example='"encoding_format": "base64", answered with a list of numbers',
)
def encoding_honoured(result: Embedded) -> Iterator[Finding]:
    """Vectors come in the encoding that was asked for: base64 as a string, float as numbers."""
    wanted = result.request["encoding_format"]
    for vector in result.vectors:
        if vector.form not in {wanted, "other"}:
            forms = {"float": "a list of numbers", "base64": "a string of base64"}
            yield Finding(vector.pointer, f"is {forms[vector.form]}", forms[wanted])
            return


@rule(
    "embeddings.base64_floats",
    over=embedded,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source="openai 3.52.0 resources/embeddings.py: numpy.frombuffer(base64.b64decode(data), dtype='float32') (read 2026-11-28)",
    breaks="openai-python asks for base64 by itself: ValueError, buffer size must be a multiple of element size",
    example='"embedding": "AAAAAA="',
    conforming='"embedding": "AACAPw==" for [1.0]',
)
def base64_floats(result: Embedded) -> Iterator[Finding]:
    """A vector in base64 decodes to 32-bit floats, four bytes each."""
    for vector in result.vectors:
        if vector.form == "base64" and vector.why:
            yield Finding(vector.pointer, vector.why, "base64 of 32-bit floats")
            return


@rule(
    "embeddings.finite",
    over=embedded,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source="RFC 8259 section 6: NaN and Infinity are no JSON numbers (read 2026-11-28); ollama/ollama#14026",
    breaks="a distance to such a vector is NaN or undefined: it is found never or always",
    example='"embedding": [0.0, 0.0, 0.0]',
)
def finite(result: Embedded) -> Iterator[Finding]:
    """The numbers of a vector are finite, and not all of them are 0."""
    for vector in result.vectors:
        odd = next((number for number in vector.numbers if not math.isfinite(number)), None)
        if odd is not None:
            yield Finding(vector.pointer, f"has the number {odd}", "finite numbers")
            return
        if vector.numbers and not any(vector.numbers):
            yield Finding(vector.pointer, "is all zeros", "a vector with a direction")
            return


@rule(
    "embeddings.usage_shape",
    over=embeddings_body,
    dialects=EMBEDDINGS,
    severity=Severity.WARNING,
    source=_CREATE,
    breaks="billing and budgets count nothing",
    example='{"data": [...], "usage": {"total_tokens": "3"}}',
    conforming='{"data": [...], "usage": {"prompt_tokens": 3, "total_tokens": 3}}',
    by_schema=True,
)
def usage_shape(body: dict[str, Any]) -> Iterator[Finding]:
    """Usage is there, with integers prompt_tokens and total_tokens."""
    if body.get("usage") is None:
        yield Finding("/usage", shown(body.get("usage", MISSING)), "an object with prompt_tokens and total_tokens")


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
    """prompt_tokens are counted, and total_tokens are no fewer: there is no output to add."""
    prompt, whole = report.value.get("prompt_tokens"), report.value.get("total_tokens")
    if prompt == 0:
        yield Finding("/usage/prompt_tokens", "is 0", "at least 1")
    if isinstance(prompt, int) and isinstance(whole, int) and whole < prompt:
        yield Finding("/usage/total_tokens", f"is {whole} for {prompt} prompt_tokens", str(prompt))


@rule(
    "embeddings.same_input_same_vector",
    over=repeated_inputs,
    dialects=EMBEDDINGS,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/guides/embeddings (read 2026-11-28): texts are compared by the distance of their vectors",
    breaks="a text that was indexed in a batch is not found by the same text alone",
    example="one text, embedded alone and in a batch: cosine 0.91",
    over_session=True,
)
def same_input_same_vector(pairs: list[Repeats]) -> Iterator[Finding]:
    """One text has one vector, whether it comes alone, in a batch or in another encoding: their cosine is at least 0.999."""
    for pair in pairs:
        if pair.cosine < _ALIKE:
            received = f"has the cosine {pair.cosine:.3f} to the vector of the same input before"
            yield Finding(pair.pointer, received, f"at least {_ALIKE}", exchange=pair.exchange)
            return
