"""A literal: a text of a file that may be a model's name, and the texts near it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.lookup import begins_others, heads
from conformance.knowledge.lifecycle.names import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.knowledge.lifecycle.names import Words

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KEY = re.compile(r"(^|[^a-z])(models?|engine|deployment)([ _.-]*(ids?|names?|slugs?|strings?))?[^a-z]*$")
_SEPARATOR = re.compile("[/:]")
#: Keys that say nothing of what they name.
_PLAIN = frozenset({"id", "name", "value", "slug", "key"})
#: A name: words, numbers and the separators that vendors use; no blank, no address.
NAME = re.compile(r"[A-Za-z@][\w.:@/+-]{0,158}[\w+]")


@dataclass(frozen=True)
class Literal:
    """A text at a line (from 1). `key` is the key, argument or variable that holds the text; empty where there is none.

    `levels` gives the texts near it, the nearest first: they tell whose name it is.
    """

    text: str
    line: int
    key: str
    levels: Callable[[], Iterable[str]]

    @property
    def is_value_of_model(self) -> bool:
        """Return True if the key is that of a model's name: `model`, `modelId`, `GROQ_MODEL`, `models`, `--model`."""
        return _KEY.search(_HUMP.sub("_", self.key).lower()) is not None


@lru_cache(maxsize=65536)
def is_name(text: str) -> bool:
    """Return True if a text could be a model's name: it begins as one of the registry does, or has the form of an id."""
    if NAME.fullmatch(text) is None or "://" in text:
        return False
    own = words(re.split("[/:]", text, maxsplit=1)[-1]) or words(text)
    last = words(_SEPARATOR.split(text)[-1])
    return any(part[:1] in _beginnings() for part in (words(text), own, last)) or has_form_of_id(text)


def qualified(key: str, outer: str) -> str:
    """Return a key with the one above it where it says nothing itself: `models id` for `models: [{id: ...}]`."""
    return f"{outer} {key}" if key.lower() in _PLAIN and outer else key


def has_form_of_id(text: str) -> bool:
    """Return True if parts joined by dashes, a number among them, make an id: `gpt-5.6-luna`, and no path or address."""
    return "-" in text and " " not in text and any(map(str.isdigit, text)) and not text.startswith(("http", "."))


@cache
def _beginnings() -> frozenset[Words]:
    return frozenset((head,) for head in heads())


#: Calls whose argument is a part of a name, not a name.
_BEGINS = frozenset(
    {"startswith", "hasprefix", "startwith", "starts_with", "str_starts_with", "removeprefix", "trimprefix"}
)
#: Calls whose argument may be a part of a name, or an item of a list.
_CONTAINS = frozenset({"contains", "includes", "include", "indexof", "str_contains", "in", "match", "search", "test"})
_BRANCH = re.compile(r"\b(case|when|elif|elsif|else if|elseif|if|match|switch)\b|\)\s*$|=>")
_REACH = 8  # lines that a branch's head is sought above its body


def is_part(key: str, name: str) -> bool:
    """Return True if a text is only compared with a part of names: `model.startswith("gpt-4")`, `"gpt-4" in model`."""
    called = key.rpartition(".")[2].rstrip("?").lower()
    return called in _BEGINS or (called in _CONTAINS and begins_others(name))


def branch(lines: list[str], line: int) -> str:
    """Return the head of the branch that a line (from 1) stands in: `elif vendor == "groq":`, `case "groq":`, `groq)`."""
    indent = _indent(lines[line - 1])
    for above in range(line - 2, max(-1, line - 2 - _REACH), -1):
        text = lines[above]
        if text.strip() and _indent(text) < indent:
            return text if _BRANCH.search(text) else ""
    return ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
