"""A tokenizer that needs no vocabulary: text is cut the same way everywhere, and its pieces join to it exactly."""

from __future__ import annotations

import re

#: Words of up to seven letters take their leading space along, digits come in threes, and every code point beyond ASCII
#: stands alone: an emoji of several code points, or a letter and its accent, is cut inside, as real tokenizers do.
_TOKEN = re.compile(
    r" ?[A-Za-z]{1,7}| ?[0-9]{1,3}|[^\x00-\x7f]|[ \t]+(?=\s)|[!-/:-@\[-`{-~]{1,3}|\s|.",
    re.DOTALL,
)


def tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a text, in order; joined they are the text."""
    return tuple(_TOKEN.findall(text))


def count(text: str) -> int:
    """Return how many tokens a text has: about what byte-pair tokenizers count for English."""
    return sum(1 for _ in _TOKEN.finditer(text))
