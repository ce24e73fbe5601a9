"""How a chat stream is framed and ordered, as short words: `usage: finish chunk`, `role: every delta`, `line end: lf`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.faithfulness.sample import Sample


def traits(sample: Sample) -> frozenset[str]:
    """Return what one stream shows; framing only where the recording kept the bytes."""
    return frozenset((*_framing(sample), *_order(sample.documents)))


def _framing(sample: Sample) -> Iterator[str]:
    framing = sample.framing
    if framing is None:
        return
    yield f"line end: {framing.line_end}"
    yield f"[DONE]: {'yes' if framing.done else 'no'}"
    yield from (f"comment: {text}" for text in framing.comments)
    yield from (f"event: {name}" for name in framing.events)


def _order(chunks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    choices = [_first(chunk.get("choices")) for chunk in chunks]
    deltas = [choice["delta"] for choice in choices if isinstance(choice.get("delta"), dict)]
    ends = [number for number, choice in enumerate(choices) if choice.get("finish_reason")]
    if not deltas or not ends:
        return  # cut, or nothing but an error
    roles = ["role" in delta for delta in deltas]
    yield f"role: {_places(roles)}"
    if len(choices) > 1 and ends[0] > 0:
        yield f"finish_reason before the end: {'null' if 'finish_reason' in choices[0] else 'absent'}"
    yield f"finish_reason: {'once' if len(ends) == 1 else 'repeated'}"
    yield from {f"usage: {where}" for where in _usage(chunks, choices, ends[0])}
    yield from (f"{name}: {'one' if _same(chunks, name) else 'several'}" for name in ("id", "created"))


def _places(roles: Sequence[bool]) -> str:
    if all(roles):
        return "every delta"
    return "first delta" if roles[0] and not any(roles[1:]) else "other deltas"


def _usage(chunks: Sequence[Mapping[str, Any]], choices: Sequence[Mapping[str, Any]], end: int) -> Iterator[str]:
    for number, chunk in enumerate(chunks):
        if not isinstance(chunk.get("usage"), dict):
            continue
        if number < end:
            yield "chunks before the end"
        elif number == end:
            yield "finish chunk"
        else:
            yield "chunk with a choice after it" if choices[number] else "chunk without choices"


def _first(choices: object) -> dict[str, Any]:
    found = choices[0] if isinstance(choices, list) and choices else {}
    return found if isinstance(found, dict) else {}


def _same(chunks: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({str(chunk[name]) for chunk in chunks if name in chunk}) <= 1
