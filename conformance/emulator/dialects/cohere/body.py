"""A completion as Cohere's v2 writes it: an id, a message of blocks, calls and citations, a finish reason, and the usage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.writer import STOPPED, ChoiceWriter
from conformance.emulator.mind.tokenizer import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion, TokenLogprob

_FINISHES: Final[Mapping[str, str]] = {
    "stop": "COMPLETE",
    "length": "MAX_TOKENS",
    "tool_calls": "TOOL_CALL",
    STOPPED: "STOP_SEQUENCE",
}
#: The first words of an answer, which the first document is cited for.
_CITED = re.compile(r"\S+(?:\s+\S+){0,2}")


class AnswerWriter(ChoiceWriter):
    """Writes one answer. `plan` is the tool plan of an answer that calls."""

    words = _FINISHES

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        super().__init__(context, completion, waits)
        self.calls = [self._call(number) for number in range(len(self.choice.tool_calls))]
        names = dict.fromkeys(call.name for call in self.choice.tool_calls)
        self.plan = f"I will use the {' and the '.join(names)} tool." if names and not self.choice.reasoning else ""

    def whole(self) -> dict[str, Any]:
        """Return the answer in one body. A member that is empty is left out, as the API does."""
        thinking = [{"type": "thinking", "thinking": "".join(self.choice.reasoning)}] if self.choice.reasoning else []
        text = [{"type": "text", "text": self.choice.text}] if self.choice.pieces else []
        members = {
            "tool_plan": self.plan,
            "tool_calls": self.calls,
            "content": [*thinking, *text],
            "citations": self.citations(),
        }
        message = {"role": "assistant", **{name: member for name, member in members.items() if member}}
        body: dict[str, Any] = {
            "id": self.context.scope["id"],
            "message": self.context.with_additions(message, {"message"}, self.contents, **self.known),
            "finish_reason": self.finish_word,
            "usage": self.usage(),
        }
        if self.choice.logprobs:
            body["logprobs"] = [scored(score) for score in self.choice.logprobs]
        return self.context.with_additions(body, {"body"}, self.contents, **self.known)

    def usage(self) -> dict[str, Any]:
        """Return the usage. What the API adds to a prompt by itself is not billed; here nothing is added."""
        completion = self.completion
        counts = {"input_tokens": completion.prompt_tokens, "output_tokens": completion.completion_tokens}
        thought = {"reasoning_tokens": completion.reasoning_tokens} if completion.reasoning_tokens else {}
        usage = {"billed_units": dict(counts), "tokens": counts | thought, "cached_tokens": completion.cached_tokens}
        return self.context.with_additions(usage, {"usage"}, self.contents, **self.known)

    def citations(self) -> list[dict[str, Any]]:
        """Return the citation of the first document that the request has, for the first words of the text."""
        documents = self.context.body.get("documents")
        cited = _CITED.match(self.choice.text)
        if not isinstance(documents, list) or not documents or cited is None:
            return []
        first = documents[0]
        document = first.get("data", first) if isinstance(first, dict) else {"text": str(first)}
        name = first.get("id", "doc:0") if isinstance(first, dict) else "doc:0"
        stored = document if isinstance(document, dict) else {"text": str(document)}
        source = {"type": "document", "id": name, "document": {**stored, "id": name}}
        citation = {"start": 0, "end": cited.end(), "text": cited[0], "sources": [source], "type": "TEXT_CONTENT"}
        return [citation | {"content_index": 1 if self.choice.reasoning else 0}]

    def _call(self, number: int) -> dict[str, Any]:
        call = self.choice.tool_calls[number]
        called = self.context.fill(self.context.wire.tool_call_id, name=call.name, index=number)
        written = {
            "id": called,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        return self.context.with_additions(written, {"tool_call"}, self.contents, name=call.name, index=number)


def scored(score: TokenLogprob) -> dict[str, Any]:
    """Return a token's log probability; its number is made up."""
    return {"text": score.token, "token_ids": [1000 + count(score.token)], "logprobs": [score.logprob]}
