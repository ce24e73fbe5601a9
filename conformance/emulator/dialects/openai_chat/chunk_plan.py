"""Plan the chunks of a stream: for each chunk its choice, its delta and its finish reason. `stream.py` serialises them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_chat.body import finish_word, reasoned, tool_call
from conformance.emulator.dress.writer import contents_of, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.mind.completion import Choice, Completion, TokenLogprob


@dataclass(frozen=True)
class ChunkPlan:
    """A chunk before it is written.

    Attributes:
        index: of the choice; None for a chunk without choices.
        delta: what the choice brings.
        kinds: of the delta: first, content, reasoning, tool_call, finish; or usage.
        finish: the finish reason on this chunk.
        tokens: output tokens that it took to write.
        logprobs: of its tokens.
        known: placeholders of this chunk.
    """

    index: int | None
    delta: Mapping[str, Any] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    finish: str | None = None
    tokens: int = 0
    logprobs: tuple[TokenLogprob, ...] | None = None
    known: Mapping[str, Any] = field(default_factory=dict)


class ChunkPlanner:
    """The plans of one stream. `known` are the placeholders that it shares, `usage_at` is where its usage stands."""

    def __init__(self, context: AnswerContext, completion: Completion, known: Mapping[str, Any], usage_at: str) -> None:
        self.context = context
        self.completion = completion
        self.known = known
        self.usage_at = usage_at
        self.facts = context.target.provider.stream

    def __iter__(self) -> Iterator[ChunkPlan]:
        """Yield the plans of all choices, piece by piece in turn, and those that come after the finish."""
        choices = self.completion.choices
        in_turn = zip_longest(*(self.of_choice(choice, index) for index, choice in enumerate(choices)))
        yield from (plan for round_ in in_turn for plan in round_ if plan is not None)
        if self.facts.finish_repeats and self.usage_at != "trailing-choice":
            for index, choice in enumerate(choices):
                word = finish_word(self.context, choice)
                yield ChunkPlan(index, {"content": ""}, finish=word, known={"finish_reason": word})
        if self.usage_at in {"final-chunk", "finish-and-final"}:
            yield ChunkPlan(None, kinds=frozenset({"usage"}))
        elif self.usage_at == "trailing-choice":
            repeated = finish_word(self.context, choices[0]) if self.facts.finish_repeats else None
            yield ChunkPlan(0, {"content": ""}, frozenset({"usage"}), repeated, known={"finish_reason": repeated})

    def of_choice(self, choice: Choice, index: int) -> Iterator[ChunkPlan]:
        """Yield the plans of one choice."""
        yield ChunkPlan(
            index, {"role": "assistant", "content": None if choice.tool_calls else ""}, frozenset({"first"})
        )
        thoughts = list(self.grouped(choice.reasoning)) if self.context.wire.reasoning != "none" else []
        # Parts of content: the last thought and the first text come in one list.
        joined = self.context.wire.reasoning == "thinking-parts" and choice.pieces != () and thoughts != []
        last = thoughts.pop() if joined else ()
        for number, group in enumerate(thoughts):
            delta: dict[str, Any] = {}
            reasoned(self.context, delta, "".join(group), None, closed=number > 0)
            known = {"reasoning_piece": "".join(group)}
            yield ChunkPlan(index, delta, frozenset({"reasoning"}), tokens=len(group), known=known)
        at = 0
        for group in self.grouped(choice.pieces):
            logprobs = choice.logprobs[at : at + len(group)] if choice.logprobs is not None else None
            text = "".join(group)
            delta = {"content": text}
            if at == 0 and last:
                reasoned(self.context, delta, "".join(last), text)
            at += len(group)
            yield ChunkPlan(index, delta, frozenset({"content"}), None, len(group), logprobs, {"piece": text})
        calls = list(self.of_calls(choice, index))
        word = finish_word(self.context, choice)
        finish = ChunkPlan(index, {}, frozenset({"finish"}), word, known={"finish_reason": word})
        if calls and self.facts.tool_calls == "finish-chunk":
            finish = replace(finish, delta=calls[-1].delta, kinds=frozenset({"finish", "tool_call"}))
        else:
            yield from calls
        yield finish

    def of_calls(self, choice: Choice, index: int) -> Iterator[ChunkPlan]:
        """Yield the plans of a choice's tool calls: each whole, in fragments, or all in one."""
        contents = contents_of(choice)
        known = {**self.known, "text": choice.text}
        whole = [
            {"index": number, **tool_call(self.context, call, number, contents, known)}
            for number, call in enumerate(choice.tool_calls)
        ]
        how: str = self.facts.tool_calls
        if how == "both":
            how = self.context.rng.choice(("whole", "fragments"))
        if whole and how == "finish-chunk":
            yield ChunkPlan(index, {"tool_calls": [self.first_fragment(entry, contents) for entry in whole]})
        elif how == "whole":
            for entry in whole:
                yield _of_call(index, self.first_fragment(entry, contents), entry["function"])
        else:
            for entry in whole:
                yield from self.fragments(index, entry, contents)

    def fragments(self, index: int, call: dict[str, Any], contents: frozenset[str]) -> Iterator[ChunkPlan]:
        """Yield a call in fragments: what it is, then its arguments piece by piece."""
        function = call["function"]
        begun = {**call, "function": {**function, "arguments": ""}}
        yield _of_call(index, self.first_fragment(begun, contents), function)
        for group in self.grouped(tuple(pieces_of(function["arguments"]))):
            fragment = {"index": call["index"], "function": {"arguments": "".join(group)}}
            yield _of_call(index, fragment, function, tokens=len(group))

    def first_fragment(self, call: dict[str, Any], contents: frozenset[str]) -> dict[str, Any]:
        """Return a call's first fragment with what the TOML adds to it."""
        known = {**self.known, **call["function"], "index": call["index"]}
        return self.context.with_additions(call, {"chunk.tool_call"}, contents, **known)

    def grouped(self, pieces: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield the pieces in groups of as many tokens as a chunk has."""
        size = self.context.target.provider.pace.tokens_per_chunk
        for at in range(0, len(pieces), size):
            yield tuple(pieces[at : at + size])


def _of_call(index: int, call: dict[str, Any], function: Mapping[str, Any], *, tokens: int | None = None) -> ChunkPlan:
    """Return the plan that brings a call or a fragment of one."""
    cost = len(pieces_of(call["function"]["arguments"])) + 1 if tokens is None else tokens
    known = {"name": function["name"], "arguments": function["arguments"]}
    return ChunkPlan(index, {"tool_calls": [call]}, frozenset({"tool_call"}), tokens=cost, known=known)
