"""A completion as a stream: the chunks of the dialect in order, each dressed as the provider's TOML says."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.emulator.drafts import Drafts
from conformance.emulator.headers import headers_of
from conformance.emulator.outgoing import Event, Streamed
from conformance.emulator.pace import jitter
from conformance.emulator.templates import merged
from conformance.emulator.wire import held_by, logprobs_object, scope_of, usage_object, usage_total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.completion import Completion
    from conformance.emulator.drafts import Draft
    from conformance.emulator.occasion import Occasion
    from conformance.emulator.pace import Times

_OK = 200


def streamed(occasion: Occasion, completion: Completion, times: Times) -> Streamed:
    """Return a completion as a stream."""
    facts = occasion.target.provider.stream
    writer = _Writer(occasion, completion, times)
    events = [*writer.given("before"), *writer.chunks(), *writer.given("after-usage")]
    if facts.comments:
        events.insert(0, Event(comment=facts.comment))
    if facts.terminator == "[DONE]":
        events.append(Event("[DONE]"))
    events[0] = replace(events[0], wait=events[0].wait + times.queue)
    return Streamed(
        headers_of(occasion, facts.content_type, _OK, tokens=usage_total(completion)),
        tuple(events),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=occasion.wire.json == "spaced",
    )


class _Writer:
    """Writes the chunks of one stream."""

    def __init__(self, occasion: Occasion, completion: Completion, times: Times) -> None:
        self.occasion = occasion
        self.completion = completion
        self.times = times
        self.facts = occasion.target.provider.stream
        self.held = [held_by(choice) for choice in completion.choices]
        self.every_held = frozenset(chain.from_iterable(self.held))
        self.known = scope_of(completion, times)
        options = occasion.body.get("stream_options")
        asked = isinstance(options, dict) and options.get("include_usage") is True
        self.usage_at = self.facts.usage if asked else self.facts.usage_unasked
        self.whole_usage = self.usage(completion.completion_tokens)
        self.known["usage"] = self.whole_usage
        self.written = 0  # output tokens so far
        self.elapsed = 0.0  # seconds
        self.said: dict[int, str] = {}  # each choice's text so far

    def chunks(self) -> Iterator[Event]:
        """Yield the events of the answer itself, the extra chunks after the finish among them."""
        drafts = list(Drafts(self.occasion, self.completion, self.known, self.usage_at))
        last = max((at for at, draft in enumerate(drafts) if "finish" in draft.kinds), default=-1)
        for at, draft in enumerate(drafts):
            wait = self.wait(draft, first=at == 0)
            self.elapsed += wait
            self.written += draft.tokens
            yield Event(self.chunk(draft, first=at == 0, last=at == last), wait=wait)
            if at == last:
                yield from self.given("after-finish")

    def wait(self, draft: Draft, *, first: bool) -> float:
        """Return the seconds before a chunk; the first one waits for the prompt to be read."""
        spread = jitter(self.occasion.target.provider.pace, self.occasion.rng)
        return self.times.prompt if first else draft.tokens * self.times.token * spread

    def chunk(self, draft: Draft, *, first: bool, last: bool) -> dict[str, Any]:
        """Return the chunk of a draft; `last` is the one with the last finish reason."""
        held = self.every_held if draft.index is None else self.held[draft.index]
        known = {**self.known, **draft.known, "index": draft.index}
        if draft.index is not None:
            self.said[draft.index] = self.said.get(draft.index, "") + draft.known.get("piece", "")
            known["text_so_far"] = self.said[draft.index]
            known["text"] = self.completion.choices[draft.index].text
            known["reasoning"] = "".join(self.completion.choices[draft.index].reasoning)
        known |= self.identity()
        finishing = "finish" in draft.kinds
        body: dict[str, Any] = {
            "id": known["id"],
            "object": (finishing and self.facts.object_last) or self.facts.object,
            "created": known["created"],
            "model": self.occasion.target.model,
            "choices": [] if draft.index is None else [self.choice(draft, held, known)],
        }
        if "usage" in draft.kinds or (last and self.usage_at in {"finish-chunk", "finish-and-final"}):
            body["usage"] = self.whole_usage
        elif self.usage_at == "every-chunk":
            body["usage"] = self.whole_usage if last else self.usage(self.written)
        places = {"chunk"}
        places |= {"chunk.first"} if first else set()
        places |= {"chunk.finish"} if finishing else set()
        places |= {"chunk.usage"} if "usage" in draft.kinds else set()
        return self.occasion.extended(body, places, held, **known)

    def choice(self, draft: Draft, held: frozenset[str], known: dict[str, Any]) -> dict[str, Any]:
        """Return the only choice of a chunk."""
        role = {"role": "assistant"} if self.facts.role == "every" else {}
        places = {"delta", *(f"delta.{kind}" for kind in draft.kinds)}
        delta = self.occasion.extended({**role, **draft.delta}, places, held, **known)
        body: dict[str, Any] = {"index": draft.index, "delta": delta}
        if draft.logprobs is not None:
            body["logprobs"] = logprobs_object(self.occasion, draft.logprobs, held, known)
        if draft.finish is not None or self.facts.finish_reason == "null":
            body["finish_reason"] = draft.finish
        places = {"chunk.choice", *(f"chunk.choice.{kind}" for kind in draft.kinds & {"content", "finish"})}
        return self.occasion.extended(body, places, held, **known)

    def identity(self) -> dict[str, Any]:
        """Return a chunk's id and creation: the stream's, or its own where the provider gives each one."""
        found = {"id": self.occasion.scope["id"], "created": self.occasion.scope["created"]}
        if self.facts.id == "per-chunk":
            found["id"] = self.occasion.fill(self.occasion.wire.id)
        if self.facts.created == "per-chunk":
            found["created"] = int(self.occasion.now + self.elapsed)
        return found

    def usage(self, completion_tokens: int) -> dict[str, Any]:
        """Return the usage after that many output tokens."""
        total = self.completion.prompt_tokens + completion_tokens
        answer = max(completion_tokens - self.completion.reasoning_tokens, 0)
        counts = {"completion_tokens": completion_tokens, "total_tokens": total, "answer_tokens": answer}
        known = {**self.known, **counts}
        places = ("usage", "chunk.usage_object")
        return usage_object(self.occasion, self.every_held, *places, **known)

    def given(self, at: str) -> Iterator[Event]:
        """Yield the whole chunks that the TOML puts at a place."""
        chunks = self.occasion.wire.chunks
        for number, addition in enumerate(chunks):
            if addition.at == at and self.occasion.holds(number - len(chunks), addition, self.every_held):
                yield Event(merged({}, self.occasion.fill(addition.value, **{**self.known, **self.identity()})))
