"""Answers that are kept: `GET` and `DELETE /responses/{id}`, its input items, its cancellation, and conversations.

Source: https://platform.openai.com/docs/api-reference/responses/get and /conversations (read 2026-11-21);
https://developers.openai.com/docs/guides/background (read 2026-11-29). What works in the background ends with the third look at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_responses.request import conversation_id, earlier_items, input_items
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from conformance.emulator.dialects import Endpoint, Memory
    from conformance.emulator.dialects.openai_responses.body import ResponseWriter
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain


def keep(context: AnswerContext, response: dict[str, Any], memory: Memory, *, anyway: bool = False) -> None:
    """Keep a response with the items of its conversation; one that is not to be stored is forgotten, but where it is kept anyway."""
    body = context.body
    earlier = earlier_items(body, memory)
    own = input_items(body)
    items = [*([] if isinstance(earlier, Refusal) else earlier), *own, *response["output"]]
    if anyway or body.get("store") is not False:
        memory.keep(response["id"], {"response": response, "items": items, "input": own})
    conversation = conversation_id(body)
    if conversation in memory:
        memory.keep(str(conversation), {**memory[str(conversation)], "items": items})


def begin(writer: ResponseWriter, memory: Memory) -> dict[str, Any]:
    """Keep a response that is made in the background, whatever `store` says, and return it as it begins: queued."""
    keep(writer.context, writer.whole, memory, anyway=True)
    queued, working = writer.response("queued"), writer.response("in_progress")
    entry = memory[writer.whole["id"]]
    memory.keep(writer.whole["id"], {**entry, "background": True, "before": [queued, working]})
    return queued


def _cancelled(kept: dict[str, Any], name: str) -> dict[str, Any] | Refusal:
    """Return a response after its cancellation: one that has ended stays as it is."""
    if not kept.get("background"):
        return Refusal("invalid_request", f"Response '{name}' is not made in the background: it cannot be cancelled.")
    if kept["before"]:
        kept["response"] = {**kept["before"][0], "status": "cancelled"}
        kept["before"] = []
    result: dict[str, Any] = kept["response"]
    return result


def _looked_at(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a response as it stands at one more look: it begins with the second one, and has ended with the third."""
    waiting: list[dict[str, Any]] = kept.get("before") or []
    return waiting.pop(0) if waiting else dict(kept["response"])


def stored(context: AnswerContext, endpoint: Endpoint, name: str, memory: Memory) -> Plain | Refusal:
    """Return the answer of an endpoint that reads, makes or deletes something kept."""
    if endpoint.path == "conversations":
        made = context.fill("conv_{hex:50}")
        memory.keep(made, {"items": input_items({"input": context.body.get("items") or []})})
        created = {"id": made, "object": "conversation", "created_at": int(context.now)}
        return plain(context, {**created, "metadata": context.body.get("metadata") or {}})
    kept = memory.get(name, {}).get("response")
    if kept is None:
        return Refusal("not_found", f"Response with id '{name}' not found.")
    if endpoint.path.endswith("/input_items"):
        items = [{"id": f"{name}_{at}", "type": "message", **item} for at, item in enumerate(memory[name]["input"])]
        ends = (
            {"first_id": items[0]["id"], "last_id": items[-1]["id"]} if items else {"first_id": None, "last_id": None}
        )
        return plain(context, {"object": "list", "data": items, **ends, "has_more": False})
    if endpoint.path.endswith("/cancel"):
        result = _cancelled(memory[name], name)
        return result if isinstance(result, Refusal) else plain(context, result)
    if endpoint.method == "DELETE":
        del memory[name]
        return plain(context, {"id": name, "object": "response.deleted", "deleted": True})
    return plain(context, _looked_at(memory[name]))
