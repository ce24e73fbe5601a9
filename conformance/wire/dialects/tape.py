"""A reply in the order in which it came, in terms of no dialect: what a rule about flow, repetition or identity needs to look at.

Each dialect tells its own events in these words. The tape of a body in one piece has the same form: each part opens and closes whole.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

Family: TypeAlias = Literal["text", "reasoning", "refusal", "arguments", "other"]
#: Where a part stands: the index of the choice or item, then that of the part within it. An index is a number or a string as sent,
#: None for anything else: a part can be a key.
PartIndex: TypeAlias = tuple[Any, ...]


class Envelope(NamedTuple):
    """What a chunk says of the answer as a whole; a member that it does not have is `MISSING`.

    `pointer` is that of the object which has the members (empty: the chunk itself), `names` gives the dialect's own name of each.
    """

    event: int | None
    pointer: str
    kind: Any = MISSING
    id: Any = MISSING
    model: Any = MISSING
    created: Any = MISSING
    names: Mapping[str, str] = MappingProxyType({})

    def at(self, member: str) -> str:
        """Return the pointer to a member: `kind`, `id`, `model` or `created`."""
        return f"{self.pointer}/{self.names.get(member, member)}"


class Opened(NamedTuple):
    """A part begins: words, thoughts, a call, another item. `type` and `name` are the dialect's own words."""

    event: int | None
    pointer: str
    part: PartIndex
    id: Any
    type: Any
    name: Any = None


class Delta(NamedTuple):
    """A piece of a part."""

    event: int | None
    pointer: str
    part: PartIndex
    family: Family
    text: str

    @property
    def size(self) -> int:
        """How many characters it brings."""
        return len(self.text)


class Closed(NamedTuple):
    """A part ends. `final` repeats it: a text all its deltas of that family, an object the whole part; None where nothing is repeated."""

    event: int | None
    pointer: str
    part: PartIndex
    family: Family | None
    final: Any


class Terminal(NamedTuple):
    """The answer ends, under the dialect's own word for it; `snapshot` is the answer as that event repeats it, or None."""

    event: int | None
    pointer: str
    name: str
    snapshot: dict[str, Any] | None


TapePart: TypeAlias = Opened | Delta | Closed | Terminal


def envelope(event: int | None, pointer: str, value: Mapping[str, Any], names: Mapping[str, str]) -> Envelope:
    """Read the envelope of an object whose members have these names; a member without a name of its own is `MISSING`."""
    members = {member: value.get(name, MISSING) for member, name in names.items()}
    return Envelope(event, pointer, **members, names=names)
