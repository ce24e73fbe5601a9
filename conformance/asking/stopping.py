"""When asking a target ends early: every further answer can only be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.knowledge.usability import KEY_REFUSED, Rank

if TYPE_CHECKING:
    from conformance.asking.limits import Patience
    from conformance.probes.conversation import Conversation

#: Probes in a row without a usable answer that end asking: where none was usable before, or the patience is used up, and else.
SILENT: Final = 3
_UNUSABLE: Final = 12
#: Bytes of all bodies that one target may answer in a run: the largest recording of a target, of 200 probes, has 1.4 MB.
_MOST_BYTES: Final = 8 << 20


@dataclass
class Stopping:
    """What the answers until now say of those to come.

    Attributes:
        patience: the client's, which a usable answer renews.
        key_refused: the provider's words, where it did not take the key.
    """

    patience: Patience
    key_refused: str | None = None
    _silent: int = 0  # probes in a row that nothing answered
    _strange: int = 0  # refusals of access in a row, before any completion
    _unusable: int = 0  # in a row, of whatever kind
    _size: int = 0  # bytes of all answers
    _usable: bool = False  # whether any answer was
    _answered: bool = False  # whether any probe was

    def after(self, seen: Conversation) -> str | None:
        """Return why the rest is not asked after that conversation; None: it is asked."""
        self._count(seen)
        if self._size > _MOST_BYTES:
            return f"not asked: the answers before have {self._size} bytes, more than any target's"
        last = seen.worth[-1] if seen.worth else None
        refused = last is not None and last.rank is Rank.ACCESS_REFUSED
        self._strange = self._strange + 1 if refused and not self._answered else 0
        if last is not None and refused and (last.repeats == "always" or (last.repeats and not self._answered)):
            if last.kind in KEY_REFUSED:
                self.key_refused = last.why
            return f"not asked: the answer would be the same ({last.why})"
        if self._silent == SILENT and not self._usable:  # else a feature of these requests may be what breaks
            return f"not asked: the {SILENT} probes before were never answered"
        if last and self._strange == SILENT:
            return f"not asked: the {SILENT} probes before were refused ({last.why})"
        hopeless = not self._usable or not self.patience.left
        if self._unusable >= (SILENT if hopeless else _UNUSABLE):
            return f"not asked: the {self._unusable} probes before got no usable answer (the last: {seen.unusable})"
        return None

    def _count(self, seen: Conversation) -> None:
        self._silent = 0 if any(entry.response for entry in seen.exchanges) else self._silent + 1
        self._answered |= seen.answered
        self._size += sum(len(entry.response.body) for entry in seen.exchanges if entry.response is not None)
        self._unusable = self._unusable + 1 if seen.unusable else 0
        if not seen.unusable:
            self._usable = True
            self.patience.spent = 0.0
