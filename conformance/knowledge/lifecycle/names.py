"""Model names: the spellings of one name, and their common parts.

A name is compared in three grades:

- `exact`: the same id, whatever its case. A route before it (`models/`, `accounts/x/models/`) does not count.
- `alike`: the same letters and numbers. Separators do not count (`llama3.1-8b`, `Llama 3.1 8B`), nor does the owner before a
  slash (`meta-llama/`) or the region of a cloud (`us.`).
- `family`: the id without what people leave out when they speak of it: size, number of experts, context length, and the words
  that a host adds (`llama-4-scout` for `llama-4-scout-17b-16e-instruct`, `llama-3.1-8b` for `llama-3.1-8b-instant`). A date is
  never left out: `mistral-large` is not `mistral-large-2407`.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

_WORD = re.compile(r"a?\d+(?:\.\d+)?(?:x\d+)?[bekm](?![a-z0-9])|[a-z]+|\d+")
_SIZE = re.compile(r"a?\d+(?:\.\d+)?(?:x\d+)?[bek]")
_ROUTE = re.compile(r"^(?:models/|publishers/[^/]+/models/|accounts/[^/]+/models/|projects/.*/models/)")
#: What a call of an API writes behind a name: `:generateContent`
_CALL = re.compile(r":(?:(?:batch|stream|raw|bidi)*(?:generate|embed|predict|count)\w*)$", re.IGNORECASE)
_DAY = re.compile(r"\b20\d\d \d\d \d\d\b")  # the words of a day that is written with dashes
_REGION = re.compile(r"^(?:us|eu|apac|global|jp|au|ca|us-gov)\.(?=[a-z0-9]+\.)")
#: Words that a host adds to the name of the weights: how they were tuned, and how they are served.
_ADDED = frozenset({"instruct", "it", "instant", "versatile"})
_SHORTEST_CONTEXT = 2048


class Grade(IntEnum):
    """The likeness of two names."""

    FAMILY = 1
    ALIKE = 2
    EXACT = 3


def bare(name: str) -> str:
    """Return a name in lower case, without the route before it."""
    return without_call(_ROUTE.sub("", name.strip().lower()))


def without_call(name: str) -> str:
    """Return a name without the method of an API behind it: `gemini-2.5-pro` of `gemini-2.5-pro:generateContent`."""
    return _CALL.sub("", name)


@lru_cache(maxsize=65536)
def words(name: str) -> Words:
    """Return the words and numbers of a name, without owner and region. A size stays one word (`17b`, `8x7b`, `a22b`)."""
    return tuple(_WORD.findall(_REGION.sub("", bare(name).rpartition("/")[2])))


def spoken(name: str) -> Words:
    """Return the words of a name without those at its end that a host adds."""
    parts = words(name)
    end = len(parts)
    while end > 1 and parts[end - 1] in _ADDED:
        end -= 1
    return parts[:end]


def is_family(short: Words, full: Words) -> bool:
    """Return True if people call the model `full` by the name `short` (see `spoken`)."""
    return _begins(short, full) and all(_left_out(word) for word in full[len(short) :])


def is_dated_family(short: Words, full: Words) -> bool:
    """Return True if `full` is `short` with a date and the parts that people leave out."""
    if not _begins(short, full):
        return False
    rest = _DAY.sub(" ", " ".join(full[len(short) :])).split()
    return all(_left_out(word) or _is_date(word) for word in rest)


def _begins(short: Words, full: Words) -> bool:
    return len(short) > 1 and full[: len(short)] == short and any(map(str.isdigit, "".join(short)))


def _left_out(word: str) -> bool:
    return word in _ADDED or _SIZE.fullmatch(word) is not None or _is_context(word)


def _is_context(word: str) -> bool:
    return word.isdigit() and int(word) >= _SHORTEST_CONTEXT and int(word).bit_count() == 1


def _is_date(word: str) -> bool:
    return word.isdigit() and len(word) in {4, 6, 8}
