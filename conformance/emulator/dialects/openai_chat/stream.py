"""A completion as a stream: the chunks of the dialect in order, each dressed as the provider's TOML says."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_chat.body import (
    logprobs_object,
    usage_object,
)
from conformance.emulator.dialects.openai_chat.chunk_plan import ChunkPlanner
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.dress.templates import merged
from conformance.emulator.dress.writer import contents_of, known_of
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.openai_chat.chunk_plan import ChunkPlan
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion

_OK = 200


def streamed(context: AnswerContext, completion: Completion, waits: Waits) -> Streamed:
    """Return a completion as a stream."""
    facts = context.target.provider.stream
    writer = _Writer(context, completion, waits)
    events = [*writer.given("before"), *writer.chunks(), *writer.given("after-usage")]
    if facts.comments:
        events.insert(0, Event(comment=facts.comment))
    if facts.terminator == "[DONE]":
        events.append(Event("[DONE]"))
    events[0] = replace(events[0], wait=events[0].wait + waits.queue)
    return Streamed(
        headers_of(context, facts.content_type, _OK, tokens=completion.prompt_tokens + completion.completion_tokens),
        tuple(events),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=context.wire.json == "spaced",
    )


class _Writer:
    """Writes the chunks of one stream."""

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        self.context = context
        self.completion = completion
        self.waits = waits
        self.facts = context.target.provider.stream
        self.contents = [contents_of(choice) for choice in completion.choices]
        self.all_contents = frozenset(chain.from_iterable(self.contents))
        self.known = known_of(completion, waits)
        options = context.body.get("stream_options")
        asked = isinstance(options, dict) and options.get("include_usage") is True
        self.usage_at = self.facts.usage if asked else self.facts.usage_unasked
        self.whole_usage = self.usage(completion.completion_tokens)
        self.known["usage"] = self.whole_usage
        self.written = 0  # output tokens so far
        self.elapsed = 0.0  # seconds
        self.said: dict[int, str] = {}  # each choice's text so far

    def chunks(self) -> Iterator[Event]:
        """Yield the events of the answer itself, the extra chunks after the finish among them."""
        plans = list(ChunkPlanner(self.context, self.completion, self.known, self.usage_at))
        last = max((at for at, plan in enumerate(plans) if "finish" in plan.kinds), default=-1)
        for at, plan in enumerate(plans):
            wait = self.wait(plan, first=at == 0)
            self.elapsed += wait
            self.written += plan.tokens
            yield Event(self.chunk(plan, first=at == 0, last=at == last), wait=wait)
            if at == last:
                yield from self.given("after-finish")

    def wait(self, plan: ChunkPlan, *, first: bool) -> float:
        """Return the seconds before a chunk; the first one waits for the prompt to be read."""
        spread = jitter(self.context.target.provider.pace, self.context.rng)
        return self.waits.prompt if first else plan.tokens * self.waits.token * spread

    def chunk(self, plan: ChunkPlan, *, first: bool, last: bool) -> dict[str, Any]:
        """Return the chunk of a plan; `last` is the one with the last finish reason."""
        contents = self.all_contents if plan.index is None else self.contents[plan.index]
        known = {**self.known, **plan.known, "index": plan.index}
        if plan.index is not None:
            self.said[plan.index] = self.said.get(plan.index, "") + plan.known.get("piece", "")
            known["text_so_far"] = self.said[plan.index]
            known["text"] = self.completion.choices[plan.index].text
            known["reasoning"] = "".join(self.completion.choices[plan.index].reasoning)
        known |= self.identity()
        finishing = "finish" in plan.kinds
        body: dict[str, Any] = {
            "id": known["id"],
            "object": (finishing and self.facts.object_last) or self.facts.object,
            "created": known["created"],
            "model": self.context.target.model,
            "choices": [] if plan.index is None else [self.choice(plan, contents, known)],
        }
        if "usage" in plan.kinds or (last and self.usage_at in {"finish-chunk", "finish-and-final"}):
            body["usage"] = self.whole_usage
        elif self.usage_at == "every-chunk":
            body["usage"] = self.whole_usage if last else self.usage(self.written)
        places = {"chunk"}
        places |= {"chunk.first"} if first else set()
        places |= {"chunk.finish"} if finishing else set()
        places |= {"chunk.usage"} if "usage" in plan.kinds else set()
        return self.context.with_additions(body, places, contents, **known)

    def choice(self, plan: ChunkPlan, contents: frozenset[str], known: dict[str, Any]) -> dict[str, Any]:
        """Return the only choice of a chunk."""
        role = {"role": "assistant"} if self.facts.role == "every" else {}
        places = {"delta", *(f"delta.{kind}" for kind in plan.kinds)}
        delta = self.context.with_additions({**role, **plan.delta}, places, contents, **known)
        body: dict[str, Any] = {"index": plan.index, "delta": delta}
        if plan.logprobs is not None:
            body["logprobs"] = logprobs_object(self.context, plan.logprobs, contents, known)
        if plan.finish is not None or self.facts.finish_reason == "null":
            body["finish_reason"] = plan.finish
        places = {"chunk.choice", *(f"chunk.choice.{kind}" for kind in plan.kinds & {"content", "finish"})}
        return self.context.with_additions(body, places, contents, **known)

    def identity(self) -> dict[str, Any]:
        """Return a chunk's id and creation: the stream's, or its own where the provider gives each one."""
        result = {"id": self.context.scope["id"], "created": self.context.scope["created"]}
        if self.facts.id == "per-chunk":
            result["id"] = self.context.fill(self.context.wire.id)
        if self.facts.created == "per-chunk":
            result["created"] = int(self.context.now + self.elapsed)
        return result

    def usage(self, completion_tokens: int) -> dict[str, Any]:
        """Return the usage after that many output tokens."""
        total = self.completion.prompt_tokens + completion_tokens
        answer = max(completion_tokens - self.completion.reasoning_tokens, 0)
        counts = {"completion_tokens": completion_tokens, "total_tokens": total, "answer_tokens": answer}
        known = {**self.known, **counts}
        places = ("usage", "chunk.usage_object")
        return usage_object(self.context, self.all_contents, *places, **known)

    def given(self, at: str) -> Iterator[Event]:
        """Yield the whole chunks that the TOML puts at a place."""
        chunks = self.context.wire.chunks
        for number, addition in enumerate(chunks):
            if addition.at == at and self.context.applies(number - len(chunks), addition, self.all_contents):
                yield Event(merged({}, self.context.fill(addition.value, **{**self.known, **self.identity()})))
