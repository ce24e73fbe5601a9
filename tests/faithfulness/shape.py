"""The JSON shape of many documents: which paths there are, of which types, in how many exchanges, with which values.

A path is written as in `choices[].delta.tool_calls[].function.name`: the indices of arrays are folded.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.faithfulness.sample import Sample

_TYPES = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}
#: What a word of a closed list looks like.
_WORD = re.compile(r"[A-Za-z][\w./-]{0,39}")
#: A member with at most so many different words is taken for a closed list.
_ENUM_SIZE = 8
_LEAST_SEEN = 3


@dataclass
class Shape:
    """What the exchanges of one kind hold: per path the number of exchanges, and per type and value likewise."""

    exchanges: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    types: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def share(self, path: str) -> float:
        """Return the share of exchanges that have the path, 0 to 1."""
        return self.paths[path] / self.exchanges if self.exchanges else 0.0

    def frequent(self, least: float) -> list[str]:
        """Return the paths that at least this share of the exchanges has, sorted."""
        return sorted(path for path in self.paths if self.share(path) >= least)

    def enum(self, path: str) -> frozenset[str]:
        """Return the words of a member that looks like a closed list; empty where it does not."""
        words = self.words.get(path, Counter())
        few = 0 < len(words) <= _ENUM_SIZE and words.total() >= _LEAST_SEEN * len(words)
        return frozenset(words) if few and all(map(_WORD.fullmatch, words)) else frozenset()


def shape_of(samples: Iterable[Sample]) -> Shape:
    """Return the shape of all documents of the samples; a path counts once an exchange."""
    shape = Shape()
    for sample in samples:
        shape.exchanges += 1
        leaves = {leaf for document in sample.documents for leaf in _walk(document)}
        shape.paths.update({path for path, _, _ in leaves})
        for path, kind in {(path, kind) for path, kind, _ in leaves}:
            shape.types[path][kind] += 1
        for path, _, word in leaves:
            if word is not None:
                shape.words[path][word] += 1
    return shape


def _walk(value: Any, path: str = "") -> Iterator[tuple[str, str, str | None]]:
    """Yield (path, type, text of a string) of everything below the value, the value itself left out."""
    if isinstance(value, dict):
        for key, member in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner, _TYPES[type(member)], member if isinstance(member, str) else None
            yield from _walk(member, inner)
    elif isinstance(value, list):
        for member in value:
            inner = f"{path}[]"
            yield inner, _TYPES[type(member)], member if isinstance(member, str) else None
            yield from _walk(member, inner)
