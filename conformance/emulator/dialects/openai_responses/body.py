"""A completion as a response object: its output items, its status and its usage."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.writer import ChoiceWriter
from conformance.emulator.loose import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion, TokenLogprob

#: Request members that a response repeats, with the value where the request has none.
_REPEATED: Final[Mapping[str, Any]] = {
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "prompt_cache_retention": None,
    "safety_identifier": None,
    "service_tier": "default",
    "store": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
    "metadata": {},
}


class ResponseWriter(ChoiceWriter):
    """Writes one response. `items` are the whole output items."""

    def __init__(self, context: AnswerContext, completion: Completion, waits: Waits) -> None:
        super().__init__(context, completion, waits)
        self.incomplete = self.choice.finish_reason == "length"
        self.items = self._items()

    def response(self, status: str) -> dict[str, Any]:
        """Return the response object with that status: without items, usage and an end as long as it is in progress."""
        context, body, ended = self.context, self.context.body, status not in {"queued", "in_progress"}
        layout, thinking = table(body.get("text")), table(body.get("reasoning"))
        repeated = {name: default if body.get(name) is None else body[name] for name, default in _REPEATED.items()}
        created = context.scope["created"]
        finished = created + round(self.waits.prompt + self.completion.completion_tokens * self.waits.token)
        whole = {
            "id": context.scope["id"],
            "object": "response",
            "created_at": created,
            "status": status,
            "background": bool(body.get("background")),
            "completed_at": finished if status == "completed" else None,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "model": context.target.model,
            "output": list(self.items) if ended else [],
            "reasoning": {"effort": thinking.get("effort"), "summary": thinking.get("summary")},
            "text": {
                "format": layout.get("format") or {"type": "text"},
                "verbosity": layout.get("verbosity") or "medium",
            },
            **repeated,
            "usage": self.usage() if ended else None,
        }
        return context.with_additions(whole, {"response"}, self.contents, **self.known)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The response object at its end."""
        return self.response(self.final_status)

    @property
    def final_status(self) -> str:
        """The status of the whole response."""
        return "incomplete" if self.incomplete else "completed"

    def usage(self) -> dict[str, Any]:
        """Return the usage of the whole response."""
        completion = self.completion
        counts = {
            "input_tokens": completion.prompt_tokens,
            "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": completion.cached_tokens},
            "output_tokens": completion.completion_tokens,
            "output_tokens_details": {"reasoning_tokens": completion.reasoning_tokens},
            "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        }
        return self.context.with_additions(counts, {"usage"}, self.contents, **self.known)

    def _items(self) -> tuple[dict[str, Any], ...]:
        choice = self.choice
        drafts = [self._reasoning()] if choice.reasoning else []
        if choice.pieces or choice.refusal or not (choice.tool_calls or choice.reasoning):
            drafts.append(self._message())
        drafts += [self._call(call.name, call.arguments) for call in choice.tool_calls]
        for item in drafts:
            # A reasoning item has no status of its own where it is not asked for (recorded, OpenAI 2026).
            if item["type"] != "reasoning":
                item["status"] = "incomplete" if self.incomplete and item is drafts[-1] else "completed"
        context = self.context
        return tuple(
            context.with_additions(item, {"item", f"item.{item['type']}"}, self.contents, **self.known)
            for item in drafts
        )

    def _reasoning(self) -> dict[str, Any]:
        """Return the reasoning item. The thoughts are shown only as the summary that the request asks for."""
        asked = table(self.context.body.get("reasoning")).get("summary")
        text = "".join(self.choice.reasoning)
        summary = [{"type": "summary_text", "text": text}] if asked else []
        return {"id": self.context.fill("rs_{hex:50}"), "type": "reasoning", "summary": summary}

    def _message(self) -> dict[str, Any]:
        choice = self.choice
        part: dict[str, Any] = {"type": "output_text", "annotations": [], "logprobs": [], "text": choice.text}
        if choice.refusal:
            part = {"type": "refusal", "refusal": "".join(choice.refusal)}
        elif choice.logprobs is not None:
            part["logprobs"] = logprobs_of(choice.logprobs)
        part = self.context.with_additions(part, {"part"}, self.contents, **self.known)
        item = self.context.fill("msg_{hex:50}")
        return {"id": item, "type": "message", "status": "", "content": [part], "role": "assistant"}

    def _call(self, name: str, arguments: str) -> dict[str, Any]:
        return {
            "id": self.context.fill("fc_{hex:50}"),
            "type": "function_call",
            "status": "",
            "arguments": arguments,
            "call_id": self.context.fill(self.context.wire.tool_call_id),
            "name": name,
        }


def logprobs_of(tokens: Sequence[TokenLogprob]) -> list[dict[str, Any]]:
    """Return the log probabilities of tokens, each with its likeliest rivals."""
    return [
        {**_logprob(token.token, token.logprob), "top_logprobs": [_logprob(rival, value) for rival, value in token.top]}
        for token in tokens
    ]


def _logprob(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "bytes": [*token.encode("utf-8", "surrogatepass")], "logprob": logprob}
