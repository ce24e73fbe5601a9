"""A completion as Ollama writes it: one object, or a line a token, the last with the counts and the times.

Source: api/types.go (read 2026-11-21): ChatResponse, GenerateResponse, Metrics; recorded answers of 2025 and 2026.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.pace import jitter
from conformance.emulator.dress.writer import known_of
from conformance.emulator.response import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion, TokenLogprob

_NANO: Final = 1_000_000_000
#: A call ends an answer as its words do.
_DONE_REASONS: Final[Mapping[str, str]] = {"stop": "stop", "length": "length", "tool_calls": "stop"}
#: A context of /api/generate is the tokens so far; its length is what matters here.
_LONGEST_CONTEXT: Final = 64


class AnswerWriter:
    """Writes one answer, in the form of the endpoint that was asked. `known` are the placeholders of the TOML's additions."""

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        self.context = context
        self.completion = completion
        self.waits = waits
        self.choice = completion.choices[0]
        self.generates = context.path.endswith("/api/generate")
        self.calls = [] if self.generates else list(self._calls())
        parts = {"reasoning": self.choice.reasoning, "content": self.choice.pieces, "tool_calls": self.calls}
        self.contents = {name for name, stored in parts.items() if stored}
        self.known = known_of(completion, waits, text=self.choice.text)

    def whole(self) -> dict[str, Any]:
        """Return the answer in one object."""
        thinking, logprobs = "".join(self.choice.reasoning), self.choice.logprobs or ()
        return self._line(self.choice.text, thinking, self.calls, logprobs, done=True)

    def lines(self) -> tuple[Event, ...]:
        """Return the answer as events, a line each."""
        return tuple(self._events())

    def moved(self) -> dict[str, Any]:
        """Return the answer to a request without a prompt, which loads the model, or unloads it (keep_alive 0)."""
        reason = "unload" if self.context.body.get("keep_alive") in {0, "0"} else "load"
        return {**self._stamped("", "", [], ()), "done": True, "done_reason": reason}

    def _events(self) -> Iterator[Event]:
        wait = self.waits.queue + self.waits.prompt
        scores = self.choice.logprobs or ()
        pieces: list[tuple[str, str, tuple[TokenLogprob, ...]]] = [("", piece, ()) for piece in self.choice.reasoning]
        pieces += [(piece, "", scores[at : at + 1]) for at, piece in enumerate(self.choice.pieces)]
        for text, thinking, logprobs in pieces:
            wait += self.waits.token * jitter(self.context.target.provider.pace, self.context.rng)
            yield Event(self._line(text, thinking, [], logprobs, done=False), wait=wait)
            wait = 0.0
        for call in self.calls:
            yield Event(self._line("", "", [call], (), done=False), wait=wait)
            wait = 0.0
        yield Event(self._line("", "", [], (), done=True), wait=wait)

    def _line(
        self, text: str, thinking: str, calls: list[dict[str, Any]], logprobs: tuple[TokenLogprob, ...], *, done: bool
    ) -> dict[str, Any]:
        line = {**self._stamped(text, thinking, calls, logprobs), "done": done} | (self._ending() if done else {})
        places = {"answer", "answer.done"} if done else {"answer"}
        return self.context.with_additions(line, places, self.contents, **self.known)

    def _stamped(
        self, text: str, thinking: str, calls: list[dict[str, Any]], logprobs: tuple[TokenLogprob, ...]
    ) -> dict[str, Any]:
        """Return model, date and words; a member without a value is left out, but for the text."""
        moment = datetime.fromtimestamp(self.context.now, UTC).isoformat().replace("+00:00", "Z")
        stamp = {"model": self.context.target.model, "created_at": moment}
        scores = {"logprobs": [_scored(score) for score in logprobs]} if logprobs else {}
        thoughts = {"thinking": thinking} if thinking else {}
        if self.generates:
            return {**stamp, "response": text, **thoughts, **scores}
        message = {"role": "assistant", "content": text, **thoughts} | ({"tool_calls": calls} if calls else {})
        message = self.context.with_additions(message, {"message"}, self.contents, **self.known)
        return {**stamp, "message": message, **scores}

    def _ending(self) -> dict[str, Any]:
        """Return what the last line has: the reason, the counts, and the times in nanoseconds."""
        completion, waits = self.completion, self.waits
        load, prompt, output = (
            round(seconds * _NANO)
            for seconds in (waits.queue, waits.prompt, completion.completion_tokens * waits.token)
        )
        context = list(range(min(self.known["total_tokens"], _LONGEST_CONTEXT))) if self.generates else None
        return {
            "done_reason": _DONE_REASONS[self.choice.finish_reason],
            **({} if context is None else {"context": context}),
            "total_duration": load + prompt + output,
            "load_duration": load,
            "prompt_eval_count": completion.prompt_tokens,
            "prompt_eval_duration": prompt,
            "eval_count": completion.completion_tokens,
            "eval_duration": output,
        }

    def _calls(self) -> Iterator[dict[str, Any]]:
        """Yield the calls; one that the limit cut is never recognised as one."""
        for index, call in enumerate(self.choice.tool_calls):
            try:
                arguments = json.loads(call.arguments)
            except ValueError:
                continue
            function = {"index": index, "name": call.name, "arguments": arguments}
            written = {"id": self.context.fill(self.context.wire.tool_call_id), "function": function}
            yield self.context.with_additions(written, {"tool_call"}, (), index=index, name=call.name)


def _scored(score: TokenLogprob) -> dict[str, Any]:
    """Return a token's log probability, and those of its rivals where they were asked for."""
    entry = {"token": score.token, "logprob": score.logprob, "bytes": list(score.token.encode())}
    rivals = [{"token": token, "logprob": logprob, "bytes": list(token.encode())} for token, logprob in score.top]
    return entry | ({"top_logprobs": rivals} if rivals else {})
