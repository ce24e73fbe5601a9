"""Streams in terms of their dialect's grammar, and the order of events as a state machine that says what each event breaks.

The machine knows no event by name: `schemas/<dialect>/grammar.toml` says which event opens, extends or closes a part, and which ends all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from conformance.rules.views.bedrock_converse import events
from conformance.rules.views.native import typed_stream
from conformance.rules.views.openai_transcriptions import transcript_stream
from conformance.rules.views.small_protocols import lines
from conformance.wire.dialects.grammar import value_at
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.tape import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.grammar import Grammar, Step, Word
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import PartIndex


class Breach(NamedTuple):
    """One departure from a grammar: the event, where in it, what was received and what was expected."""

    event: int | None
    pointer: str
    received: str
    expected: str


@dataclass(frozen=True)
class Flow:
    """A stream in terms of its grammar. `resumed` says that the request asked for the rest of an earlier stream."""

    grammar: Grammar
    reply: Reply
    resumed: bool

    @cached_property
    def steps(self) -> list[Step]:
        """Every event, in order; deltas that go on with the one before them are one step with it."""
        return list(self.grammar.steps(self.reply))

    @property
    def failed(self) -> bool:
        """Whether an error ended it."""
        return bool(self.reply.errors)


def flow(case: Case) -> Flow | None:
    """A stream of typed events, as framed on the wire."""
    return case.view(_any_flow) if case.view(typed_stream) is not None else None


def converse_flow(case: Case) -> Flow | None:
    """The events of Converse's own stream."""
    return case.view(_any_flow) if case.view(events) is not None else None


def line_flow(case: Case) -> Flow | None:
    """The lines of a stream without an error in it."""
    return case.view(_any_flow) if case.view(lines) is not None else None


def transcript_flow(case: Case) -> Flow | None:
    """A transcript as a stream whose events name their types."""
    stream = case.view(_any_flow) if case.view(transcript_stream) is not None else None
    return stream if stream is not None and any("type" in step.value for step in stream.steps) else None


def _any_flow(case: Case) -> Flow | None:
    if case.dialect is None:
        return None
    return Flow(grammar_of(case.dialect.name), case.reply, "starting_after" in case.exchange.request.url)


def out_of_order(stream: Flow) -> Iterator[Breach]:
    """Yield every departure of a stream from the order of its grammar.

    An error excuses a missing end. A resumed stream may begin anywhere.
    """
    grammar = stream.grammar
    yield from _out_of_sequence(stream)
    order = (_InTurn if grammar.one_at_a_time else _ByKey)(grammar, begun=stream.resumed)
    for step in stream.steps:
        if step.word is None and grammar.ignores_others:
            continue
        if order.end and not order.may_follow(step):
            yield Breach(step.event, step.at, f"is {step.name!r} after {order.end!r}", "nothing")
            return
        yield from order.begin(step)
        if step.key and not stream.resumed:
            yield from order.place(step)
        yield from order.finish(step)
    if not order.end and not stream.failed:
        last = stream.steps[-1].event if stream.steps else None
        yield Breach(last, "", f"the stream ends without {grammar.end}", grammar.end)


def _out_of_sequence(stream: Flow) -> Iterator[Breach]:
    """Yield the first number that does not follow the one before it. A missing number has a rule of its own."""
    member = stream.grammar.sequence
    before: int | None = None if stream.resumed else -1
    for event, value in stream.reply.chunks if member else ():
        current = value.get(member)
        if not isinstance(current, int):
            return
        if before is not None and current != before + 1:
            yield Breach(event, f"/{member}", f"is {current}", str(before + 1))
            return
        before = current


class _Order:
    """Where a stream stands: whether it has begun, the event that ended it, and the event with its last facts."""

    def __init__(self, grammar: Grammar, *, begun: bool) -> None:
        self.end = ""
        self._grammar = grammar
        self._begun = begun
        self._last = ""
        self._came_whole = False
        self._after: set[str] = set()

    def may_follow(self, step: Step) -> bool:
        """Whether an event may come behind the end, once."""
        return step.word is not None and self.end in step.word.follows and step.name not in self._after

    def begin(self, step: Step) -> Iterator[Breach]:
        """The first event is the one that begins a stream, and no later one is."""
        first = self._grammar.first
        if not self._begun and first and step.name not in first:
            received = (
                f"is {step.name!r}" if not self._grammar.word or self._grammar.word in step.value else "is missing"
            )
            yield Breach(step.event, step.at, received, f"{first[0]!r} first")
        elif self._begun and step.word is not None and step.word.step == "begin":
            yield Breach(step.event, step.at, f"is a second {step.name!r}", "one, at the beginning")
        self._begun = True
        if step.word is not None and step.word.ends:
            self._came_whole = value_at(step.value, step.word.ends) is not None

    def place(self, step: Step) -> Iterator[Breach]:
        """Hold the part that an event is about against the parts before it."""
        raise NotImplementedError

    def pending(self) -> int | str | None:
        """Return a part that is open."""
        raise NotImplementedError

    def finish(self, step: Step) -> Iterator[Breach]:
        """The last facts come after the last part, the end after the last facts, and what is reported after the end."""
        word = step.word
        if word is None or word.step not in {"last", "end", "report"}:
            return
        pending = self.pending() if word.whole or word.step == "last" else None
        if pending is not None:
            noun = f"{self._grammar.noun} {pending}"
            yield Breach(step.event, step.at, f"is {step.name!r} before {noun} is done", f"the end of {noun}")
        if word.needs and not self._last and not self._came_whole:
            yield Breach(step.event, step.at, f"is {step.name!r} without a {word.needs}", f"{word.needs} before it")
        if word.step == "last":
            self._last = step.name
        elif word.step == "report" and not self.end:
            before = " or ".join(sorted(word.follows))
            yield Breach(step.event, step.at, f"is {step.name!r} before {before}", f"{before} before it")
        elif self.end:
            self._after.add(step.name)
        else:
            self.end = step.name


class _InTurn(_Order):
    """Parts come one after the other, each with the next index. An index that is no integer has a rule of its own."""

    def __init__(self, grammar: Grammar, *, begun: bool) -> None:
        super().__init__(grammar, begun=begun)
        self._open: int | None = None
        self._following = 0

    def pending(self) -> int | None:
        """Return the open part, and take it for closed."""
        pending, self._open = self._open, None
        return pending

    def place(self, step: Step) -> Iterator[Breach]:
        """A part opens after the last was closed; a delta extends, and an end closes, the open part."""
        index, word = step.key[-1], step.word
        if not isinstance(index, int) or word is None:
            return
        if any(isinstance(part, Opened) for part in step.parts):
            yield from self._opened(step, index)
        elif index != self._open and not self._closes_empty(word, index):
            state = f"{self._grammar.noun} {self._open} is open" if self._open is not None else "none is open"
            yield Breach(
                step.event, step.places[-1], f"is {index} while {state}", f"the index of the open {self._grammar.noun}"
            )
            self._open = index if self._open is None else self._open
        if word.step == "close":
            self._open = None
            self._following = max(self._following, index + 1 if self._grammar.empty_may_close else 0)

    def _closes_empty(self, word: Word, index: int) -> bool:
        empty = self._grammar.empty_may_close and self._open is None
        return empty and word.step == "close" and index == self._following

    def _opened(self, step: Step, index: int) -> Iterator[Breach]:
        noun = self._grammar.noun
        if self._open is not None:
            yield Breach(
                step.event,
                step.places[-1],
                f"is {index} while {noun} {self._open} is open",
                f"the end of {noun} {self._open}",
            )
        if self._last:
            yield Breach(step.event, step.at, f"is {step.name!r} after {self._last}", repr(self._grammar.end))
        if index != self._following:
            again = " again" if index < self._following else ""
            yield Breach(step.event, step.places[-1], f"is {index}{again}", str(self._following))
        self._came_whole = False
        self._open, self._following = index, max(self._following, index + 1)


class _ByKey(_Order):
    """Several parts may be open at once, each under a key; parts of items stand below the key of their item."""

    def __init__(self, grammar: Grammar, *, begun: bool) -> None:
        super().__init__(grammar, begun=begun)
        self._parts: dict[PartIndex, bool] = {}  # whether each is open
        self._following: dict[PartIndex, int] = {}  # the next index of each counting

    def pending(self) -> int | str | None:
        """Return the first part that is open; where parts stand below items, the first item."""
        nested = bool(self._grammar.item)
        return next(
            (key[-1] for key, is_open in self._parts.items() if is_open and (not nested or len(key) == 1)), None
        )

    def place(self, step: Step) -> Iterator[Breach]:
        """An event refers to what is open. Each unknown part is reported once."""
        key, word = step.key, step.word
        opens = word is not None and word.step == "open"
        if self._grammar.item:
            if key[0] is None:
                return  # nobody knows which item: the event's shape has a rule of its own
            if key[:1] not in self._parts and not (opens and len(key) == 1):
                yield Breach(
                    step.event,
                    step.places[0],
                    f"is {key[0]!r} in {step.name}",
                    f"an {self._grammar.noun} that was added",
                )
                self._parts[key[:1]] = True
                self._count(key[:1])
        if word is None or (len(key) > 1 and key[-1] is None and not opens):
            return
        if opens:
            if key in self._parts:
                yield Breach(step.event, step.places[-1], f"is {key[-1]!r} again", "an index of its own")
            elif self._grammar.counted and (following := self._count(key)) != key[-1]:
                yield Breach(step.event, step.places[-1], f"is {key[-1]!r}", str(following))
            self._parts[key] = True
        else:
            yield from self._refer(step, word)

    def _count(self, key: PartIndex) -> int | str | None:
        """Return the index that a part should have. Neither names nor parts of items are counted: Bedrock begins these with 1."""
        above = key[:-1]
        index: int | str | None = key[-1]
        if not isinstance(index, int) or (above and self._grammar.item):
            return index
        following = self._following.get(above, 0)
        self._following[above] = max(following, index + 1)
        return following

    def _refer(self, step: Step, word: Word) -> Iterator[Breach]:
        key, at = step.key, step.places[-1]
        closes = word.step == "close" and word.family is None
        if key not in self._parts and word.opened_by:
            yield Breach(step.event, at, f"is {key[-1]!r} in {step.name}", f"a part that {word.opened_by} opened")
            self._parts[key] = True
        elif self._parts.get(key) is False and (closes or word.step == "delta"):
            yield Breach(
                step.event,
                at,
                f"is {key[-1]!r} in {step.name}, and was done before",
                "once" if closes else "an open part",
            )
        if closes:
            self._parts[key] = False
