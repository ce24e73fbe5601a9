"""The grammars of the dialects' event streams, read from `schemas/<dialect>/grammar.toml` (docs/grammar.md)."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.schemas import SCHEMAS
from conformance.wire.dialects.grammar import Grammar, Piece, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.wire.dialects.reply import Reply


@cache
def grammar_of(dialect: str) -> Grammar:
    """Return the grammar that `schemas/<dialect>/grammar.toml` states (its form: `schemas/grammar.json`)."""
    data = tomllib.loads((SCHEMAS / dialect / "grammar.toml").read_text("utf-8"))
    item = _paths(data.get("item", ""))
    snapshot = data.get("snapshot", {})
    return Grammar(
        word=data.get("word", ""),
        words={name: _word(name, entry, item) for name, entry in data["events"].items()},
        item=item,
        ignores_others=data["others"] == "anywhere",
        noun=data.get("noun", "part"),
        one_at_a_time=data.get("one_at_a_time", False),
        counted=data.get("counted", False),
        empty_may_close=data.get("empty_may_close", False),
        trimmed=data.get("trimmed", False),
        first=tuple(data.get("first", ())),
        end=data["end"],
        sequence=data.get("sequence", ""),
        snapshot=(snapshot.get("at", ""), snapshot.get("parts", "")),
        identity=data.get("identity", {}),
    )


def grammars() -> Iterable[str]:
    """Return the dialects whose streams have a grammar."""
    return sorted(path.parent.name for path in SCHEMAS.glob("*/grammar.toml"))


def begins(dialect: str, reply: Reply) -> bool:
    """Whether a stream opens with the event that its dialect's grammar has for the beginning; False without a grammar."""
    if not reply.streamed or not reply.chunks or dialect not in grammars():
        return False
    first = next(grammar_of(dialect).steps(reply), None)
    return first is not None and first.word is not None and first.word.step == "begin"


def _word(name: str, entry: dict[str, Any], item: tuple[tuple[str, ...], ...]) -> Word:
    pieces = {
        kind: Piece(piece["family"], _path(piece.get("member", "")), frozenset(piece.get("fits", ())), piece.get("started", False))
        for kind, piece in entry.get("pieces", {}).items()
    }  # fmt: skip
    index = tuple(item if place == "item" else _paths(place) for place in entry.get("index", ()))
    return Word(
        name=name,
        step=entry["step"],
        index=index,
        heads=tuple(paths[0][0] for paths in index),
        space=entry.get("space", ""),
        holder=_path(entry.get("holder", "")),
        type=entry.get("type", ""),
        id=tuple(tuple(place.split("/")) for place in entry.get("id", ())),
        part_name=_path(entry.get("name", "")),
        kind=entry.get("kind", ""),
        pieces=pieces,
        opens=entry.get("opens", False),
        opened_by=entry.get("opened_by", ""),
        family=entry.get("family"),
        final=_path(entry.get("final", "")),
        whole=entry.get("whole", False),
        needs=entry.get("needs", ""),
        ends=_path(entry.get("ends", "")),
        status=entry.get("status", ""),
        follows=frozenset(entry.get("follows", ())),
    )


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split("/")) if text else ()


def _paths(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_path(place) for place in text.split("|")) if text else ()
