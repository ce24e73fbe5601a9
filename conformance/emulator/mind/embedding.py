"""What the emulated model makes of texts that are to embed: their vectors, and how many tokens they had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.vectors import vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.providers import Target

_USUAL_LENGTH: Final = 1024


class Embedding(NamedTuple):
    """Vectors in the order of their inputs, each of length 1, and the tokens of all inputs."""

    vectors: list[list[float]]
    tokens: int


def embed(
    target: Target, inputs: Sequence[object], dimensions: object, names: tuple[str, str], *, cuts: bool = False
) -> Embedding | Refusal:
    """Embed texts, or refuse to.

    Args:
        target: whose model it is.
        inputs: texts, or the numbers of a text's tokens; another input is embedded by its JSON.
        dimensions: how many are asked for; None: as many as the model has.
        names: the request's words for the inputs and for the dimensions.
        cuts: whether an input that is too long is cut, and not refused.
    """
    known = target.known
    whole = (known.dimensions if known else None) or _USUAL_LENGTH
    length = dimensions if isinstance(dimensions, int) and dimensions else whole
    if length > whole:
        return Refusal("bad_parameter", f"This model has vectors of at most {whole} dimensions.", names[1])
    sizes = [len(item) if isinstance(item, tuple) else count(_words(item)) for item in inputs]
    most = known.context if known is not None else None
    if most is not None and max(sizes, default=0) > most and not cuts:
        message = f"An input has {max(sizes)} tokens; the most of this model is {most}."
        return Refusal("context_too_long", message, names[0])
    vectors = [vector(f"{target.model}/{json.dumps(item)}", whole, length) for item in inputs]
    return Embedding(vectors, sum(min(size, most or size) for size in sizes))


def _words(item: object) -> str:
    return item if isinstance(item, str) else json.dumps(item)
