"""A kind of defect: one sentence, variants that a rule must name, and look-alikes that no rule may flag."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


@dataclass(frozen=True)
class Kind:
    """A kind of defect.

    Args:
        name: the kind, as the table names it.
        sentence: the defect, in one sentence.
        rules: the rules of which one names the defect.
        variants: conversations with the defect, by name.
        legal: conversations that look alike and are legal, by name.
        missed: the names of those variants that no rule names yet. A test says when one does.
    """

    name: str
    sentence: str
    rules: frozenset[str]
    variants: dict[str, Conversation]
    legal: dict[str, Conversation]
    missed: frozenset[str] = field(default=frozenset())


def kind(  # noqa: PLR0917 - the order in which a kind is read
    name: str,
    sentence: str,
    rules: str,
    variants: dict[str, Conversation],
    legal: dict[str, Conversation],
    missed: str = "",
) -> Kind:
    """Return a kind; `rules` and `missed` are names with spaces between them.

    Raises:
        ValueError: `missed` names no variant.
    """
    for word in missed.split():
        if word not in variants:
            raise ValueError(f"{name}: {word!r} is no variant")
    return Kind(name, sentence, frozenset(rules.split()), variants, legal, frozenset(missed.split()))
