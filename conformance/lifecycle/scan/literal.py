"""A literal: a text of a file that may be a model's name, and what stands near it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from conformance.lifecycle.lookup import heads
from conformance.lifecycle.names import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.lifecycle.names import Words

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KEY = re.compile(r"(^|[^a-z])(models?|engine|deployment)([ _.-]*(ids?|names?|slugs?|strings?))?[^a-z]*$")
#: Keys that say nothing of what they name.
_PLAIN = frozenset({"id", "name", "value", "slug", "key"})
#: A name: words, numbers and the separators that vendors use; no blank, no address.
NAME = re.compile(r"[A-Za-z@][\w.:@/+-]{1,119}")


@dataclass(frozen=True)
class Literal:
    """A text at a line (from 1). `key` is what it is the value of (a key, argument or variable; empty where there is none).

    `levels` gives the texts near it, the nearest first: they tell whose name it is.
    """

    text: str
    line: int
    key: str
    levels: Callable[[], Iterable[str]]

    @property
    def is_value_of_model(self) -> bool:
        """Whether its key says that it names a model: `model`, `modelId`, `GROQ_MODEL`, `models`, `--model`."""
        return _KEY.search(_HUMP.sub("_", self.key).lower()) is not None


@lru_cache(maxsize=65536)
def is_name(text: str) -> bool:
    """Whether a text could be a model's name: it begins as one of the registry does, or has the form of an id."""
    if NAME.fullmatch(text) is None or "://" in text:
        return False
    own = words(re.split("[/:]", text, maxsplit=1)[-1]) or words(text)
    return words(text)[:1] in _beginnings() or own[:1] in _beginnings() or has_form_of_id(text)


def qualified(key: str, outer: str) -> str:
    """Return a key with the one above it where it says nothing itself: `models id` for `models: [{id: ...}]`."""
    return f"{outer} {key}" if key.lower() in _PLAIN and outer else key


def has_form_of_id(text: str) -> bool:
    """Whether parts joined by dashes, a number among them, make an id: `gpt-5.6-luna`, and no path or address."""
    return "-" in text and " " not in text and any(map(str.isdigit, text)) and not text.startswith(("http", "."))


@cache
def _beginnings() -> frozenset[Words]:
    return frozenset((head,) for head in heads())
