"""What the catalogue is made of: an operator, the kinds of exchange it is applied to, and all the rules that must fire."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.rules.folding import consequences
from tests.mutation.conforming import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutation.operators import Change
    from tests.mutation.wire import Conversation


@dataclass(frozen=True)
class Mutant:
    """One operator on some kinds. `fires` is the complete list: any other rule that fires is an error of ours."""

    operator: str
    change: Change
    kinds: tuple[str, ...]
    fires: frozenset[str]
    exchange: int = -1  # which exchange of a conversation is changed
    place: str = ""  # where an operator that works on every event is at work

    @property
    def name(self) -> str:
        """The operator and its place, as test ids have it."""
        return f"{self.operator}-{self.place}" if self.place else self.operator

    def of(self, kind: str) -> Conversation:
        """Return a kind's conversation with the one change made."""
        conversation = list(KINDS[kind])
        conversation[self.exchange] = self.change(conversation[self.exchange])
        return tuple(conversation)


def mutant(operator: str, change: Change, kinds: str, *fires: str, exchange: int = -1, place: str = "") -> Mutant:
    """Return a row of the catalogue. `kinds` are patterns; one with `!` before it leaves kinds out.

    `fires` are all the rules that the operator breaks; those that follow from others of them are folded under their cause.

    Raises:
        ValueError: a pattern fits no kind.
    """
    kept = frozenset(fires) - consequences(fires)
    return Mutant(operator, change, tuple(_fitting(kinds.split())), kept, exchange, place)


def _fitting(patterns: list[str]) -> Iterator[str]:
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    refused = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    for pattern in wanted + refused:
        if not any(fnmatchcase(kind, pattern) for kind in KINDS):
            raise ValueError(f"{pattern!r} fits no kind of exchange")
    for kind in KINDS:
        if any(fnmatchcase(kind, pattern) for pattern in wanted) and not any(
            fnmatchcase(kind, pattern) for pattern in refused
        ):
            yield kind
