"""What a fault does to an answer before it is bytes: to the members of its JSON, to its events, to its status and headers.

Each operator is a function of an answer and of the operator's own parameters, as the data names them. One that finds nothing to change
returns the answer as it was.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from conformance.emulator.faults.pointers import GONE, MISSED, edited
from conformance.emulator.response import Event, Plain, Streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.emulator.response import Outgoing

Json: TypeAlias = Any
_CONTENT: Final = "/choices/*/{}/content"


def _strings(text: str) -> str:
    """Return JSON text with every number and boolean in it as a string, and every list and object inside it as JSON text."""
    members = json.loads(text)
    return json.dumps({key: item if isinstance(item, str) else json.dumps(item) for key, item in members.items()})


#: What a value is turned into.
CHANGES: Final[Mapping[str, Callable[[Json], Json]]] = {
    "text": str,
    "number": float,
    "in-a-list": lambda value: [value],
    "in-parts": lambda value: [{"type": "text", "text": value}],
    "twice": lambda value: value + value,
    "as-json-text": json.dumps,
    "as-object": json.loads,
    "strings-only": _strings,
    "one-shorter": lambda value: value[:-1],
    "one-more": lambda value: value + 1,
    "a-thousand-times": lambda value: value * 1000,
}


def value_of(written: Json) -> Json:
    """Return a value as the data means it: TOML has no null, so it is written `{null}`."""
    if isinstance(written, dict):
        return {key: value_of(item) for key, item in written.items()}
    if isinstance(written, list):
        return [value_of(item) for item in written]
    return None if written == "{null}" else written


# Members of the JSON


def put(answer: Outgoing, *, at: str, value: Json, pick: int | None = None, new: bool = False) -> Outgoing:
    """Send another value in a member; `new` adds it where it is missing."""
    return _each(answer, lambda body: edited(body, at, lambda _: value_of(value), new=new), pick)


def drop(answer: Outgoing, *, at: str, pick: int | None = None) -> Outgoing:
    """Leave a member out."""
    return _each(answer, lambda body: edited(body, at, lambda _: GONE), pick)


def change(answer: Outgoing, *, at: str, into: str, pick: int | None = None) -> Outgoing:
    """Send a member's value as something else, a word of `CHANGES`."""
    return _each(answer, lambda body: edited(body, at, CHANGES[into]), pick)


def rename(answer: Outgoing, *, at: str, to: str, pick: int | None = None) -> Outgoing:
    """Send a member under another name."""
    holder, _, name = at.rpartition("/")

    def renamed(value: Json) -> Json:
        if not isinstance(value, dict) or name not in value:
            return value
        return {to if key == name else key: item for key, item in value.items()}

    return _each(
        answer, lambda body: edited(body, holder, renamed) if edited(body, at, str) is not MISSED else MISSED, pick
    )


def _each(answer: Outgoing, change: Callable[[Json], Json], pick: int | None) -> Outgoing:
    """Change the body, or the chunks that the change fits: all of them, or the one at `pick` among those."""
    if isinstance(answer, Plain):
        body = change(answer.body) if isinstance(answer.body, dict | list) else MISSED
        return answer if body is MISSED else replace(answer, body=body)
    changed = {at: change(event.data) for at, event in enumerate(answer.events) if isinstance(event.data, dict)}
    hits = [at for at, data in changed.items() if data is not MISSED]
    chosen = hits if pick is None else hits[pick : pick + 1 or None]
    events = [replace(event, data=changed[at]) if at in chosen else event for at, event in enumerate(answer.events)]
    return replace(answer, events=tuple(events))


# Text


def say(answer: Outgoing, *, before: str = "", after: str = "", instead: str | None = None) -> Outgoing:
    """Put text around what each choice says, or in its place. `{id}` is the answer's id."""
    if isinstance(answer, Plain):
        answer_id = str(answer.body.get("id")) if isinstance(answer.body, dict) else ""

        def spoken(text: Json) -> Json:
            return before + (text if instead is None else instead) + after.replace("{id}", answer_id)

        return _each(answer, lambda body: edited(body, _CONTENT.format("message"), spoken), None)
    events = list(answer.events)
    pieces = _pieces(answer)
    if not pieces:
        return answer
    first, last = pieces[0], pieces[-1]
    for at in pieces[1:] if instead is not None else ():
        events[at] = replace(events[at], data=_with_text(events[at], lambda _: ""))
    answer_id = str(events[first].data.get("id"))
    if instead is not None:
        events[first] = replace(events[first], data=_with_text(events[first], lambda _: instead))
    events[first] = replace(events[first], data=_with_text(events[first], lambda text: before + text))
    ending = after.replace("{id}", answer_id)
    events[last] = replace(events[last], data=_with_text(events[last], lambda text: text + ending))
    return replace(answer, events=tuple(events))


def accumulate(answer: Outgoing) -> Outgoing:
    """Send the text so far in each chunk, not the increment."""
    if isinstance(answer, Plain):
        return answer
    events, so_far = list(answer.events), ""
    for at in _pieces(answer):
        so_far += events[at].data["choices"][0]["delta"]["content"]
        events[at] = replace(events[at], data=_with_text(events[at], partial(_other, so_far)))
    return replace(answer, events=tuple(events))


def _other(text: str, _: str) -> str:
    return text


def say_again(answer: Outgoing) -> Outgoing:
    """Send the whole text once more, in one chunk, before the end."""
    pieces = _pieces(answer) if isinstance(answer, Streamed) else []
    if isinstance(answer, Plain) or not pieces:
        return answer
    whole = "".join(answer.events[at].data["choices"][0]["delta"]["content"] for at in pieces)
    last = pieces[-1] + 1
    again = replace(answer.events[last - 1], data=_with_text(answer.events[last - 1], lambda _: whole))
    return replace(answer, events=(*answer.events[:last], again, *answer.events[last:]))


def _pieces(answer: Streamed) -> list[int]:
    """Return the places of the events that bring text."""
    return [
        at
        for at, event in enumerate(answer.events)
        if edited(event.data, "/choices/0/delta/content", str) is not MISSED
        and event.data["choices"][0]["delta"]["content"]
    ]


def _with_text(event: Event, change: Callable[[str], str]) -> Json:
    return edited(event.data, _CONTENT.format("delta"), change)


# Events


def cut(answer: Outgoing, *, after: int) -> Outgoing:
    """Send only so many events, then end as if that were all."""
    return replace(answer, events=answer.events[:after]) if isinstance(answer, Streamed) else answer


def drop_event(answer: Outgoing, *, which: str | int, pick: int | None = None) -> Outgoing:
    """Lose the events that `which` names, or the one at `pick` among them."""
    if isinstance(answer, Plain):
        return answer
    places = _places(answer, which)
    lost = places if pick is None else places[pick : pick + 1 or None]
    return replace(answer, events=tuple(event for at, event in enumerate(answer.events) if at not in lost))


def repeat_event(answer: Outgoing, *, which: str | int) -> Outgoing:
    """Send the events that `which` names twice."""
    if isinstance(answer, Plain):
        return answer
    again = _places(answer, which)
    doubled = [(event, event) if at in again else (event,) for at, event in enumerate(answer.events)]
    return replace(answer, events=tuple(event for pair in doubled for event in pair))


def move_event(answer: Outgoing, *, which: str | int, by: int) -> Outgoing:
    """Send the first event that `which` names so many places later, or earlier below 0."""
    places = _places(answer, which) if isinstance(answer, Streamed) else []
    if isinstance(answer, Plain) or not places:
        return answer
    rest = list(answer.events)
    moved = rest.pop(places[0])
    rest.insert(places[0] + by, moved)
    return replace(answer, events=tuple(rest))


def insert(
    answer: Outgoing, *, before: str | int = "end", data: Json = None, raw: str | None = None, name: str | None = None
) -> Outgoing:
    """Send one more event: `data` as JSON or text, or `raw` bytes, a character each (Latin-1)."""
    if isinstance(answer, Plain):
        return answer
    places = _places(answer, before) or [len(answer.events)]
    event = Event(raw.encode("latin-1")) if raw is not None else Event(value_of(data), name=name)
    return replace(answer, events=(*answer.events[: places[0]], event, *answer.events[places[0] :]))


def name_events(answer: Outgoing, *, name: str, which: str | int = "chunks") -> Outgoing:
    """Give events a name; `{null}` takes it away. A frame that carries an event has no place for one."""
    if isinstance(answer, Plain) or answer.carried:
        return answer
    named = _places(answer, which)
    events = (replace(event, name=value_of(name)) if at in named else event for at, event in enumerate(answer.events))
    return replace(answer, events=tuple(events))


def _places(answer: Streamed, which: str | int) -> list[int]:
    """Return the places of the events that `which` names: a chunk by its number (below 0 from the end), or a word.

    The words: chunks, done, end, finish (with a finish reason), usage (with no choice), call (with a piece of a tool call), next-call
    (that opens the second call, or a later one). A word with a dot or an underscore is the type of typed events:
    `response.completed`, `message_stop`. Any other word is the only member of an event: `messageStop`.
    """
    chunks = [at for at, event in enumerate(answer.events) if isinstance(event.data, dict)]
    if isinstance(which, int):
        return chunks[which : which + 1 or None]

    if "." in which or "_" in which:
        return [at for at in chunks if answer.events[at].data.get("type") == which]

    def holding(pointer: str) -> list[int]:
        result = {at: edited(answer.events[at].data, pointer, lambda value: value or MISSED) for at in chunks}
        return [at for at, value in result.items() if value is not MISSED]

    result: Mapping[str, Callable[[], list[int]]] = {
        "chunks": lambda: chunks,
        "done": lambda: [at for at, event in enumerate(answer.events) if event.data == "[DONE]"],
        "end": list,
        "finish": lambda: holding("/choices/0/finish_reason"),
        "usage": lambda: [at for at in chunks if not answer.events[at].data.get("choices")],
        "call": lambda: holding("/choices/0/delta/tool_calls"),
        "next-call": lambda: holding("/choices/0/delta/tool_calls/0/function/name")[1:],
    }
    if which not in result:
        return [at for at in chunks if list(answer.events[at].data) == [which]]
    return result[which]()


# The message


def status(answer: Outgoing, *, code: int) -> Outgoing:
    """Answer with another status."""
    return replace(answer, status=code)


def header(answer: Outgoing, *, name: str, value: str | None = None) -> Outgoing:
    """Set a header; without a value, leave it out."""
    kept = {key: text for key, text in answer.headers.items() if key.lower() != name}
    return replace(answer, headers=kept if value is None else {**kept, name: value})


def body(
    answer: Outgoing, *, code: int, value: Json = None, text: str | None = None, content_type: str | None = None
) -> Outgoing:
    """Answer with a body of its own: a JSON value, or text."""
    labelled = content_type or ("application/json" if text is None else "text/plain; charset=utf-8")
    headers = {**answer.headers, "content-type": labelled}
    return Plain(code, headers, value_of(value) if text is None else text)


OPERATORS: Final[Mapping[str, Callable[..., Outgoing]]] = {
    entry.__name__: entry
    for entry in (
        put, drop, change, rename, say, accumulate, say_again, cut, drop_event, repeat_event, move_event, insert, name_events, status,
        header, body,
    )
}  # fmt: skip
