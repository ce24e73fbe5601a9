"""The numbers of embeddings: finite, in the range of their type, the same for the same text and others for another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.embeddings import (
    Embedded,
    Repeats,
    Shared,
    embedded,
    repeated_inputs,
    shared_vectors,
    whole_numbers,
)
from conformance.wire.dialects.families import EMBEDDINGS
from conformance.wire.dialects.vectors import EMPTY, RANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

_COHERE: Final = "https://docs.cohere.com/reference/embed (read 2026-11-29)"
#: Vectors of one text below it would rank documents otherwise: 16-bit arithmetic and batching stay above 0.9999.
_ALIKE: Final = 0.999


@rule(
    "embeddings.integer_range",
    over=whole_numbers,
    dialects=EMBEDDINGS,
    severity=Severity.ERROR,
    source=f"{_COHERE}: int8 and binary are signed bytes, uint8 and ubinary unsigned ones; "
    "cohere 7.3.1 types/embed_by_type_response_embeddings.py",
    breaks="numpy.array(values, dtype=numpy.int8) raises OverflowError, or wraps round; vector stores refuse the byte",
    example='"int8": [[0.25, 200]]',
    conforming='"int8": [[25, -128]]',
)
def integer_range(result: Embedded) -> Iterator[Finding]:
    """Vectors of a type of integers hold integers of that type's range."""
    for listed in result.lists:
        low, high = RANGES.get(listed.type, (-math.inf, math.inf))
        for vector in listed.vectors if listed.type in RANGES else ():
            odd = next((number for number in vector.numbers if not (low <= number <= high and number % 1 == 0)), None)
            if odd is not None:
                yield Finding(vector.pointer, f"has the number {odd:g}", f"integers from {low} to {high}")
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
    """A vector has numbers; they are finite, and not all of them are 0."""
    for vector in result.vectors:
        odd = next((number for number in vector.numbers if not math.isfinite(number)), None)
        if odd is not None:
            yield Finding(vector.pointer, f"has the number {odd}", "finite numbers")
            return
        if vector.why == EMPTY:
            yield Finding(vector.pointer, vector.why, "a list of numbers")
            return
        if vector.numbers and not any(vector.numbers):
            yield Finding(vector.pointer, "is all zeros", "a vector with a direction")
            return


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


@rule(
    "embeddings.text_tells",
    over=shared_vectors,
    dialects=EMBEDDINGS,
    when_seen="vectors of texts that differ in their words",
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/embeddings (read 2026-11-28): texts are compared by the distance of their vectors; "
    "mudler/LocalAI#6257: one vector for every text (read 2026-11-29)",
    breaks="every document is as near to a question as any other: a search finds at random",
    example='"Rain" and "Snow" with one vector, number for number',
    over_session=True,
)
def text_tells(shared: list[Shared]) -> Iterator[Finding]:
    """Texts that differ in their first words have different vectors.

    Case, marks and signs are left alone, and so is what a model may cut off: it may not see them.
    """
    for pair in shared[:1]:
        received = f"is the vector of {pair.first[:40]!r} too, number for number"
        yield Finding(pair.pointer, received, f"a vector of its own for {pair.second[:40]!r}", exchange=pair.exchange)
