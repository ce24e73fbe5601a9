"""The model names that a changed file names anew: the old name, the new one, and the line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.scan.files import literals_in
from conformance.knowledge.lifecycle.scan.mention import mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from conformance.knowledge.lifecycle.scan.mention import Mention


@dataclass(frozen=True)
class ModelChange:
    """A model that stands in place of another one; `before` is None where a name was only added."""

    before: Mention | None
    after: Mention


def model_changes(
    path: str, before: str, after: str, as_of: date, known: Mapping[str, frozenset[str]]
) -> list[ModelChange]:
    """Return the models that a file names in place of others: under the same key first, then in the order of lines.

    Args:
        path: the file's, below the repository.
        before: its text.
        after: its text now.
        as_of: the day.
        known: models that are listed as current, by provider.
    """
    old, new = (list(_mentions(path, text, as_of, known)) for text in (before, after))
    for key in list(new):
        same = next((entry for entry in old if entry[1].model == key[1].model), None)
        if same is not None:
            old.remove(same)
            new.remove(key)
    changes: list[ModelChange] = []
    for entry in new:
        match = next((other for other in old if other[0] == entry[0]), None)
        if match is None and len(old) == 1:
            match = old[0]
        if match is not None:
            old.remove(match)
        changes.append(ModelChange(match[1] if match is not None else None, entry[1]))
    return changes


def _mentions(path: str, text: str, as_of: date, known: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, Mention]]:
    """Yield each named model with the key that holds it."""
    for literal in sorted(literals_in(PurePosixPath(path), text), key=lambda one: one.line):
        named = mention(literal, path, as_of, known)
        if named is not None:
            yield literal.key, named
