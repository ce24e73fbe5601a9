"""What a stream says twice, in terms of its dialect's grammar: ids and names, the text of deltas, the parts in a terminal event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.table import shown
from conformance.rules.views.flow import Breach, flow, transcript_flow
from conformance.rules.views.native import named_stream
from conformance.rules.views.scrubbed import is_scrubbed
from conformance.wire.dialects.reading import mapping, objects
from conformance.wire.dialects.tape import Closed, Delta, Opened
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.flow import Flow
    from conformance.wire.case import Case
    from conformance.wire.dialects.grammar import Step


class Text(NamedTuple):
    """A text as its deltas join, its last delta, and the event that repeats it; None where its part ended without one."""

    joined: str
    end: Closed | None
    last: Delta | None


def named_flow(case: Case) -> Flow | None:
    """A stream of typed events with the wire's own names and ids."""
    return case.view(flow) if case.view(named_stream) is not None else None


def repeated_texts(case: Case) -> list[Text] | None:
    """Every text that came in deltas and that an event repeated."""
    return _repeated(case.view(flow))


def repeated_transcript(case: Case) -> list[Text] | None:
    """The text of a transcript that came in deltas and that the last event repeated."""
    return _repeated(case.view(transcript_flow))


def _repeated(stream: Flow | None) -> list[Text] | None:
    if stream is None:
        return None
    grown: dict[Any, list[str]] = {}
    ends: dict[Any, Closed] = {}
    deltas: dict[Any, Delta] = {}
    closed: set[Any] = set()
    for step in stream.steps:
        for part in step.parts:
            if isinstance(part, Delta):
                deltas[part.part, part.family] = part
                grown.setdefault((part.part, part.family), []).extend((part.text, *(step.more or ())))
            elif isinstance(part, Closed) and isinstance(part.final, str):
                ends[part.part, part.family] = part
            elif isinstance(part, Closed) and part.family is None:
                closed.add(part.part)
    trim = str.strip if stream.grammar.trimmed else str
    texts = [
        Text(trim("".join(grown.get(key, ()))), end._replace(final=trim(end.final)), deltas.get(key))
        for key, end in ends.items()
    ]
    unrepeated = [key for key in grown if key not in ends and key[0] in closed]
    texts += [Text(trim("".join(grown[key])), None, deltas[key]) for key in unrepeated]
    return texts or ([] if grown else None)


def unlike_deltas(texts: list[Text]) -> Iterator[Breach]:
    """Yield the texts that are not what their deltas join to, and those that no event repeats although their part has ended."""
    for joined, end, last in texts:
        if end is None and last is not None:
            yield Breach(
                last.event, last.pointer, f"is the last delta of {joined[:60]!r}", "a done event that repeats it"
            )
        elif end is not None and end.final != joined and not is_scrubbed(joined, end.final):
            received = f"{shown(end.final, 60)} after deltas that join to {joined[:60]!r}"
            yield Breach(end.event, end.pointer, received, "the same")


def misfits(stream: Flow) -> Iterator[Breach]:
    """Yield the deltas of a kind that does not fit the part that they extend. Kinds that the grammar does not name are left alone."""
    kinds: dict[Any, Any] = {}
    for step in stream.steps:
        for part in step.parts:
            if isinstance(part, Opened):
                kinds[part.part] = part.type
            elif isinstance(part, Delta) and step.piece is not None and step.word is not None:
                kind, fits = kinds.get(part.part), step.piece.fits
                if fits and isinstance(kind, str) and kind and kind not in fits:
                    at = "/".join(("", *step.word.holder, step.word.kind)) if step.word.kind else part.pointer
                    received = f"{step.kind!r} in a {kind} {stream.grammar.noun}"
                    yield Breach(step.event, at, received, " or ".join(sorted(fits)))


def unlike_texts(stream: Flow) -> Iterator[Breach]:
    """Yield the deltas whose text is no string."""
    for step in stream.steps:
        if step.raw.__class__ is not str and step.piece is not None and step.piece.member:
            yield Breach(step.event, step.parts[-1].pointer, shown(step.raw), "a string")


def unlike_parts(stream: Flow) -> Iterator[Breach]:
    """Yield where the answer that a terminal event repeats is not the parts that were done: their number, types, words, names.

    Where parts began and none was done, they have a rule of their own.
    """
    at, member = stream.grammar.snapshot
    done: dict[Any, dict[str, Any]] = {}
    begun = False
    for step in stream.steps:
        ends = step.word is not None and step.word.whole
        if ends and not stream.resumed and (done or not begun):
            listed = objects(mapping(step.value, at).get(member))
            parts = [done[key] for key in sorted(done)]
            yield from _compared(step, f"/{at}/{member}", listed, parts, stream.grammar.noun)
        for part in step.parts:
            begun = True
            if (
                isinstance(part, Closed)
                and part.family is None
                and len(part.part) == 1
                and isinstance(part.part[0], int)
            ):
                done[part.part] = part.final if isinstance(part.final, dict) else {}


def _compared(
    step: Step, at: str, listed: list[dict[str, Any]], parts: list[dict[str, Any]], noun: str
) -> Iterator[Breach]:
    if len(listed) != len(parts):
        yield Breach(step.event, at, f"has {len(listed)} {noun}s after {len(parts)} were done", str(len(parts)))
        return
    for position, (part, before) in enumerate(zip(listed, parts, strict=True)):
        pointer = f"{at}/{position}"
        if part.get("type") != before.get("type"):
            received, expected = shown(part.get("type")), f"{before.get('type')!r} as it was done"
            yield Breach(step.event, f"{pointer}/type", received, expected)
        elif _words(part) != _words(before):
            yield Breach(step.event, pointer, f"says {_words(part)[:60]!r}", f"{_words(before)[:60]!r} as it was done")
        else:
            name = next((name for name in ("call_id", "id") if part.get(name) != before.get(name)), None)
            if name is not None:
                yield Breach(
                    step.event, f"{pointer}/{name}", shown(part.get(name)), f"{before.get(name)!r} as it was done"
                )


def _words(part: dict[str, Any]) -> str:
    pieces = [piece.get("text", piece.get("refusal")) for piece in objects(part.get("content"))]
    return "".join(str(piece) for piece in [*pieces, part.get("name"), part.get("arguments")] if piece is not None)


def unlike_identities(stream: Flow) -> Iterator[Breach]:
    """Yield where the answer or a part has another id, call id or name than when it was announced; of a part, once a member."""
    grammar, whole = stream.grammar, MISSING
    announced: dict[tuple[Any, str], Any] = {}
    reported: set[tuple[Any, str]] = set()
    at = grammar.snapshot[0]
    for step in stream.steps:
        current = mapping(step.value, at).get(grammar.identity["whole"])
        if current and whole is not MISSING and current != whole:
            yield Breach(step.event, f"/{at}/{grammar.identity['whole']}", shown(current), f"{whole!r} as before")
            return
        whole = current or whole
        for pointer, index, name, value in _identities(stream, step):
            key = (index, name)
            if key not in announced:
                if step.word is not None and step.word.step == "open":
                    announced[key] = value
            elif key in reported or (value is None and name != "id"):
                continue
            elif announced[key] and value != announced[key]:
                reported.add(key)
                yield Breach(
                    step.event, pointer, shown(value), f"{announced[key]!r}, the {name} of {grammar.noun} {index}"
                )


def _identities(stream: Flow, step: Step) -> Iterator[tuple[str, Any, str, Any]]:
    """Yield where an event names what it is about: the pointer, the index of the part, the member and its value."""
    identity, index = stream.grammar.identity, step.key[0] if step.key else None
    if index is None:
        return  # which part it is about, nobody knows: the event's shape has a rule of its own
    holder = step.value.get("item")
    if isinstance(holder, dict):
        for name in identity["item"]:
            yield f"/item/{name}", index, name, holder.get(name)
    elif isinstance(step.value.get(identity["event"]), str):
        yield f"/{identity['event']}", index, "id", step.value[identity["event"]]
