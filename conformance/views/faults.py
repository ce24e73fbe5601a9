"""A view of requests that are wrong in themselves, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.exchange import Request

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
#: Documented ranges: https://platform.openai.com/docs/api-reference/chat/create (read 2026-11-21).
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "top_logprobs": (0, 20),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_NUMBERS = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "seed", "top_logprobs")


#: Statuses of a server or gateway that never came to look at the request.
_SAYS_NOTHING = frozenset({429, 502, 503, 504, 529})


@dataclass(frozen=True)
class Faulty:
    """A request that is wrong in itself, whatever the provider: what is wrong with it, and the status it got."""

    fault: str
    status: int


def faulty_request(case: Case) -> Faulty | None:
    """A chat request that is wrong in itself, with its answer's status."""
    response, request = case.exchange.response, case.exchange.request
    if response is None or response.status is None or response.status in _SAYS_NOTHING:
        return None
    if case.exchange.fidelity == "response-only":
        return None
    if case.dialect is None or case.dialect.name != "openai-chat" or case.reply.operation != "chat":
        return None
    fault = fault_of(request)
    return Faulty(fault, response.status) if fault else None


def fault_of(request: Request) -> str | None:
    """Say what is wrong with a chat request in itself; None when nothing is."""
    if request.body and not request.json:
        return "a body that is no JSON object"
    return _faulty_messages(request) or _faulty_number(request.json) or _faulty_tool(request.json)


def _faulty_tool(body: dict[str, Any]) -> str | None:
    tools = body.get("tools")
    functions = [tool.get("function") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    nameless = any(isinstance(function, dict) and not function.get("name") for function in functions)
    return "a tool without a name" if nameless else None


def _faulty_messages(request: Request) -> str | None:
    body = request.json
    messages = body.get("messages")
    if messages is not None and not isinstance(messages, list):
        return "messages that are no list"
    if messages == []:
        return "empty messages"
    if messages and "model" not in body and "/deployments/" not in request.path:
        return "no model"
    roles = [turn.get("role") for turn in messages or () if isinstance(turn, dict)]
    unknown = next((role for role in roles if not isinstance(role, str) or role not in _ROLES), None)
    return f"the role {unknown!r}" if roles and unknown is not None else None


def _faulty_number(body: dict[str, Any]) -> str | None:
    for name in _NUMBERS:
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"{name} {value!r}"
    for name, (low, high) in _RANGES.items():
        value = body.get(name)
        if isinstance(value, int | float) and not low <= value <= high:
            return f"{name} {value!r}"
    return None
