"""A recorded conversation as every dialect takes it: system texts in front, calls and results of one step in one turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.wire.dialects.ask import Call, Other, Result, Text, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Consecutive turns of these are one: a list of items splits what a message holds together.
_JOINED: Final = frozenset({"assistant", "tool"})


def tidied(turns: Iterable[Turn]) -> tuple[str | None, tuple[Turn, ...], tuple[str, ...]]:
    """Return the system text, the other turns, and what cannot be carried on, in words.

    A system text between the turns moves to the front, which is named; parts that are no words, picture, call or result are left out,
    and so are results of calls that are not there.
    """
    system: list[str] = []
    rest: list[Turn] = []
    lost: list[str] = []
    calls: set[str] = set()
    for turn in turns:
        calls.update(part.id for part in turn.parts if isinstance(part, Call))
        lost += [f"a part of type {part.kind or 'unknown'}" for part in turn.parts if isinstance(part, Other)]
        if turn.role == "system":
            if rest:
                lost.append("the place of a system text between the turns")
            system.append(turn.text)
            continue
        orphans = {part for part in turn.parts if isinstance(part, Result) and part.id and part.id not in calls}
        if orphans:
            lost.append("the result of a tool that the provider ran")
        for piece in _pieces(Turn(turn.role, tuple(part for part in turn.parts if part not in orphans))):
            if rest and rest[-1].role == piece.role and piece.role in _JOINED:
                rest[-1] = Turn(piece.role, rest[-1].parts + piece.parts)
            else:
                rest.append(piece)
    words = "\n\n".join(text for text in system if text)
    return words or None, tuple(rest), tuple(dict.fromkeys(lost))


def _pieces(turn: Turn) -> Iterator[Turn]:
    """Yield the results of a turn by themselves, and then the rest; a turn without parts is none."""
    parts = tuple(
        part for part in turn.parts if not isinstance(part, Other) and not (isinstance(part, Text) and not part.text)
    )
    results = tuple(part for part in parts if isinstance(part, Result))
    others = tuple(part for part in parts if not isinstance(part, Result))
    if results:
        yield Turn("tool", results)
    if others:
        yield Turn("user" if turn.role == "tool" else turn.role, others)
