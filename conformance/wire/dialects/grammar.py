"""The grammar of a dialect's event stream: which event opens, extends or closes a part, and which ends all.

`Grammar.steps` tells a stream in its terms. The rules on order, identity and repetition are written once over these steps
(`conformance.rules.views.flow` and `.announced`). The neutral tape comes of them too. `grammar_file` reads it from a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.wire.dialects.reading import mapping, slot, word
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.dialects.reply import Chunk, Copies, Reply
    from conformance.wire.dialects.tape import Family, PartIndex, TapePart


class Piece(NamedTuple):
    """What a kind of delta brings: its family, where its text stands, the types of part that it fits, and whether it never opens one."""

    family: Family
    member: tuple[str, ...]
    fits: frozenset[str]
    started: bool


@dataclass(frozen=True, slots=True)
class Word:
    """What an event of one name does. `step` is begin, open, delta, close, inside, last, end or report.

    `index` are the places of the members that make the key of its part, each with its alternatives, and `space` keeps two countings
    apart. `opened_by` names the event that must have opened the part. `follows` are ends behind which the event may still come.
    """

    name: str
    step: str
    index: tuple[tuple[tuple[str, ...], ...], ...]
    space: str
    holder: tuple[str, ...]
    type: str
    id: tuple[tuple[str, ...], ...]
    part_name: tuple[str, ...]
    kind: str
    pieces: Mapping[str, Piece]
    opens: bool
    opened_by: str
    family: Family | None
    final: tuple[str, ...]
    whole: bool
    needs: str
    ends: tuple[str, ...]
    status: str
    follows: frozenset[str]
    heads: tuple[str, ...]  # the usual member of each of `index`


class Step(NamedTuple):
    """An event in terms of the grammar. `at` is the pointer to its name, `key` the part that it is about (empty: none), `places` the
    pointers to the members of the key, `parts` the neutral form; `piece` and `raw` are what a delta brings, as sent, and
    `more` the texts of the deltas that go on with it.
    """

    event: int | None
    name: str
    at: str
    value: dict[str, Any]
    word: Word | None
    key: PartIndex = ()
    places: tuple[str, ...] = ()
    parts: tuple[TapePart, ...] = ()
    kind: str = ""
    piece: Piece | None = None
    raw: Any = MISSING
    more: list[str] | None = None


#: An event that is like no other.
_UNLIKE: tuple[tuple[Any, ...], str, tuple[str, ...]] = ((), "", ())


@dataclass(frozen=True, slots=True)
class Grammar:
    """The grammar of one dialect's streams."""

    word: str  # the member that names an event; empty: an event is an object of one member, which is its name
    words: Mapping[str, Word]
    item: tuple[tuple[str, ...], ...]  # where any event names the item that it is about
    ignores_others: bool  # an event that the grammar does not name may stand anywhere
    noun: str
    one_at_a_time: bool
    counted: bool
    empty_may_close: bool
    trimmed: bool
    first: tuple[str, ...]
    end: str
    sequence: str
    snapshot: tuple[str, str]  # where a terminal event repeats the answer, and its list of parts in there
    identity: Mapping[str, Any]

    def steps(self, reply: Reply) -> Iterator[Step]:
        """Tell the events of a stream in order. Deltas that go on with the one before them, most of a stream, join its step.

        The texts that a step was joined by are whole only when the next one has come.
        """
        opened: set[PartIndex] = set()
        before: tuple[Any, ...] = ()
        way: tuple[str, ...] = ()
        more: list[str] = []

        def take(chunk: Chunk) -> Iterator[Step]:
            nonlocal before, more, way
            alike, text, way = self._alike(chunk.value)
            if alike and alike == before:
                more.append(text)
                return
            step = self._step(*chunk, opened)
            before, more = alike, step.more if step.more is not None else []
            yield step

        runs = _runs(reply)
        for place, chunk in enumerate(reply.telling):
            yield from take(chunk)
            run = runs.get(place)
            if run is not None and before and run.path == way:  # the others differ in the text of the delta alone
                more.extend(run.texts[1:])
            elif run is not None:
                for other in reply.chunks[run.start + 1 : run.stop]:
                    yield from take(other)

    def _alike(self, value: dict[str, Any]) -> tuple[tuple[Any, ...], str, tuple[str, ...]]:
        """Return what makes two events alike, empty where nothing does, the text by which they differ, and the way to it."""
        inner: Any = value
        if self.word:
            name = value.get(self.word)
            name = "false" if name is False else name
        else:
            name = next(iter(value), "")
            inner = value.get(name)
        entry = self.words.get(name) if name.__class__ is str else None
        if entry is None:  # lines and pings, which no part is told by
            return _UNLIKE if self.item or name.__class__ is not str else ((name,), "", ())
        if entry.step != "delta" or inner.__class__ is not dict:
            return _UNLIKE
        holder: Any = inner
        for member in entry.holder:
            holder = holder.get(member)
            if holder.__class__ is not dict:
                return _UNLIKE
        kind = (
            holder.get(entry.kind) if entry.kind else next(iter(entry.pieces if len(entry.pieces) == 1 else holder), "")
        )
        piece = entry.pieces.get(kind) if kind.__class__ is str else None
        first = inner.get(entry.heads[0]) if entry.heads else 0
        second = inner.get(entry.heads[1]) if len(entry.heads) > 1 else 0
        if piece is None or first.__class__ is not int or second.__class__ is not int:
            return _UNLIKE
        text: Any = holder
        for member in piece.member:
            text = text.get(member) if text.__class__ is dict else None
        if text.__class__ is not str:
            return _UNLIKE
        about = inner.get(self.identity["event"]) if self.identity else None
        way = (*(() if self.word else (name,)), *entry.holder, *piece.member)
        return (name, first, second, kind, about), text, way

    def tape(self, reply: Reply) -> Iterator[TapePart]:
        """Tell a stream in the words of the neutral tape, event by event."""
        opened: set[PartIndex] = set()
        for event, value in reply.chunks:
            yield from self._step(event, value, opened).parts

    def _step(self, event: int | None, value: dict[str, Any], opened: set[PartIndex]) -> Step:
        if self.word:
            named = value.get(self.word)
            name, at, inner = named if isinstance(named, str) else str(named).lower(), f"/{self.word}", value
            prefix = ""
        else:
            name = next(iter(value), "")
            at = prefix = f"/{name}"
            inner = mapping(value, name)
        entry = self.words.get(name)
        if entry is None and not self.item:
            return Step(event, name, at, value, None)
        index = entry.index if entry is not None else (self.item,) if self.item else ()
        chosen = [_chosen(inner, paths) for paths in index]
        key: PartIndex = tuple(index for _, index in chosen)
        if entry is not None and entry.space:
            key = (entry.space, *key)
        places = tuple(prefix + "/" + "/".join(path) for path, _ in chosen)
        step = Step(event, name, at, value, entry, key, places)
        return step if entry is None else _told(step, entry, inner, prefix, opened, self.snapshot[0])


def _runs(reply: Reply) -> dict[int, Copies]:
    """Return the runs of chunks that differ in one text alone, each by the place of its first chunk among the telling ones."""
    runs: dict[int, Copies] = {}
    left_out = 0
    for copies in reply.copies:
        runs[copies.start - left_out] = copies
        left_out += copies.stop - copies.start - 1
    return runs


def _chosen(value: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], int | str | None]:
    """Return the first of some places that holds an index, and the index; the first place and None where none does."""
    for path in paths:
        index = slot(value_at(value, path))
        if index is not None:
            return path, index
    return paths[0], None


def _told(  # noqa: PLR0917 - an event and what it is held against
    step: Step, entry: Word, inner: dict[str, Any], prefix: str, opened: set[PartIndex], snapshot: str
) -> Step:
    """Return the step with its parts of the neutral tape."""
    event, key = step.event, step.key
    holder = mapping(inner, *entry.holder)
    at = "/".join((prefix, *entry.holder)) if entry.holder else prefix
    if entry.step == "open":
        opened.add(key)
        name = value_at(holder, entry.part_name) if entry.part_name else None
        kind = holder.get(entry.type) if entry.type else next(iter(holder), None)
        identity = next(
            (own for path in entry.id if (own := value_at(_from(path, inner, holder), path)) is not None), None
        )
        return step._replace(parts=(Opened(event, at, key, identity, kind, name),))
    if entry.step == "delta":
        kind = word(holder.get(entry.kind)) if entry.kind else _first_key(holder, entry.pieces)
        piece = entry.pieces.get(kind)
        raw = value_at(holder, piece.member) if piece is not None and piece.member else MISSING
        pointer = "/".join((at, *piece.member)) if piece is not None else at
        family = piece.family if piece is not None else "other"
        parts: tuple[TapePart, ...] = (Delta(event, pointer, key, family, raw if isinstance(raw, str) else ""),)
        if entry.opens and key not in opened and (piece is None or not piece.started):
            opened.add(key)
            parts = (Opened(event, at, key, None, kind), *parts)
        return step._replace(parts=parts, kind=kind, piece=piece, raw=raw, more=[])
    final = value_at(inner, entry.final) if entry.final else None
    closed = Closed(
        event, "/".join((prefix, *entry.final)) if entry.final else (step.places or ("",))[-1], key, entry.family, final
    )
    if entry.step == "close":
        return step._replace(parts=(closed,))
    if entry.step == "end":
        repeated = mapping(inner, snapshot) or None if snapshot else None
        end = Terminal(event, step.at, step.name, repeated)
        return step._replace(parts=(closed, end) if entry.final and key in opened else (end,))
    return step


def _from(path: tuple[str, ...], inner: dict[str, Any], holder: dict[str, Any]) -> dict[str, Any]:
    """A path that begins at the event has an empty first step."""
    return inner if path[0] == "" else holder


def _first_key(holder: dict[str, Any], pieces: Mapping[str, Piece]) -> str:
    """Return which of the known kinds stands in an object of one member; another member's name where none does."""
    return next((kind for kind in pieces if kind in holder), next(iter(holder), ""))


def value_at(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON
    """Return the value at the end of a path of members; None where a member is missing."""
    for step in path:
        if step:
            value = value.get(step) if isinstance(value, dict) else None
    return value
