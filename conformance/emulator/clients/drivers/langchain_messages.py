"""What the drivers of LangChain's own-protocol integrations share: a chat request in LangChain's words, and a message as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loop import Case, answered

if TYPE_CHECKING:
    from collections.abc import Callable

#: Parameters of chat -> those that every chat model of LangChain takes when it is made.
_STANDARD = {
    "model": "model",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "stop": "stop",
}
#: What it needs no word for: usage comes unasked.
_UNASKED = {"stream", "stream_options", "messages", "tools", "tool_choice", "parallel_tool_calls", "response_format"}
_CHOICES = {"required": "any"}


def ask(case: Case, make: Callable[..., Any], finish: str) -> dict[str, Any]:
    """Ask a chat model, and return the result.

    Args:
        case: the request is in the words of chat, which LangChain takes for every protocol.
        make: takes the standard parameters and returns the model.
        finish: the member of a message's metadata that says why it ended.
    """
    body = case["body"]
    rest = body.keys() - _STANDARD.keys() - _UNASKED
    if rest:
        raise TypeError(f"no standard parameter of LangChain's chat models is {', '.join(sorted(rest))}")
    model = make(**{_STANDARD[name]: value for name, value in body.items() if name in _STANDARD})
    if body.get("tools"):
        model = model.bind_tools(body["tools"], **_bound(body))
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        schema = form["json_schema"]
        model = model.with_structured_output(
            {"title": schema["name"], "description": "", **schema["schema"]}, method="json_schema", include_raw=True
        )
    if not body.get("stream"):
        return _result(_raw(model.invoke(body["messages"])), finish)
    message = None
    for chunk in filter(None, map(_raw, model.stream(body["messages"]))):
        message = chunk if message is None else message + chunk
    return _result(message, finish)


def _raw(answer: Any) -> Any:
    """Return the message itself: structured output comes with it, or in a chunk of its own."""
    return answer.get("raw") if isinstance(answer, dict) else answer


def _bound(body: dict[str, Any]) -> dict[str, Any]:
    bound = {name: body[name] for name in ("parallel_tool_calls",) if name in body}
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        choice = choice["function"]["name"]
    return {**bound, "tool_choice": _CHOICES.get(choice, choice)} if choice else bound


def _result(message: Any, finish: str) -> dict[str, Any]:
    calls = [*message.tool_calls, *message.invalid_tool_calls]
    blocks = message.content_blocks
    choice = {
        "text": "".join(block["text"] for block in blocks if block["type"] == "text"),
        "reasoning": "".join(block.get("reasoning", "") for block in blocks if block["type"] == "reasoning"),
        "tool_calls": [{"id": call["id"], "name": call["name"], "arguments": call["args"]} for call in calls],
        "finish_reason": message.response_metadata.get(finish),
    }
    usage = message.usage_metadata
    if usage:
        named = (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"), ("total_tokens",) * 2)
        usage = {ours: usage.get(theirs) for ours, theirs in named}
    return answered([choice], usage)
