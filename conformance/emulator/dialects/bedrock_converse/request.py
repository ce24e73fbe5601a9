"""A Converse request, read into the emulated model's own terms, or refused as the service refuses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.bedrock_converse.order import misplaced
from conformance.emulator.loose import table, tables
from conformance.emulator.mind.conversation import Conversation, Result
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool
from conformance.wire.dialects.ask import Call, Image
from conformance.wire.dialects.ask import Result as Answered
from conformance.wire.dialects.bedrock_converse.turns import turns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.dialects import Memory
    from conformance.emulator.mind.completion import Refusal
    from conformance.wire.dialects.ask import Turn

_MEANING = ("model", "system", "messages", "toolConfig", "outputConfig", "additionalModelRequestFields")
_PER_TURN = 4  # tokens that a template spends on each message
_PER_IMAGE = 85
#: Tokens of a budget up to which thinking is of an effort.
_EFFORTS = ((2048, "low"), (8192, "medium"))


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest | Refusal:  # noqa: ARG001 - nothing is kept
    """Read a request that was found sound; refuse one whose turns do not fit each other."""
    refusal = misplaced(body)
    if refusal is not None:
        return refusal
    turns = [turn for turn in turns_of(dict(body)) if turn.role != "system"]
    limits, thinking = table(body.get("inferenceConfig")), _thinking(body)
    layout = table(table(body.get("outputConfig")).get("textFormat"))
    # The model's own word of it, which Converse hands on as it is (@ai-sdk/amazon-bedrock 5.0.101 says it so to Claude).
    own = table(table(table(body.get("additionalModelRequestFields")).get("output_config")).get("format"))
    heat = limits.get("temperature")
    hot = heat is None or heat > 0
    meaning = {name: body[name] for name in _MEANING if body.get(name) is not None}
    meaning |= {name: limits[name] for name in ("temperature", "topP") if hot and limits.get(name) is not None}
    return AnswerRequest(
        model=body["model"],
        talk=_spoken(turns),
        meaning=json.dumps(meaning, sort_keys=True),
        tools=_tools(body),
        tool_mode=_tool_mode(table(table(body.get("toolConfig")).get("toolChoice"))),
        form="json_schema" if layout or own else "text",
        schema=_schema(layout) if layout else table(own.get("schema")) or {"type": "object"},
        stop=tuple(limits.get("stopSequences") or ()),
        limit=limits.get("maxTokens"),
        effort=_effort(thinking),
        thinks=thinking.get("type") in {"enabled", "adaptive"},
        hot=hot,
        prompt_tokens=_prompt_tokens(body, turns),
    )


def _spoken(turns: Sequence[Turn]) -> Conversation:
    """Return a conversation: the last words of the user, what was before, and the results after them."""
    calls = {part.id: part.arguments for turn in turns for part in turn.parts if isinstance(part, Call)}
    users = [at for at, turn in enumerate(turns) if turn.role == "user" and turn.text]
    last = users[-1] if users else -1
    results = [part for turn in turns[last + 1 :] for part in turn.parts if isinstance(part, Answered)]
    return Conversation(
        asked=turns[last].text if users else "",
        before=tuple(turns[at].text for at in users[:-1]),
        said=tuple(turn.text for turn in turns if turn.role == "assistant" and turn.text),
        results=tuple(Result(calls.get(result.id, ""), result.content) for result in results),
    )


def _prompt_tokens(body: Mapping[str, Any], turns: Sequence[Turn]) -> int:
    """Estimate the tokens of a request."""
    total = 3 + sum(count(str(block.get("text", ""))) for block in tables(body.get("system")))
    for turn in turns:
        parts = turn.parts
        words = "".join(part.content if isinstance(part, Answered) else "" for part in parts)
        inputs = "".join(part.arguments for part in parts if isinstance(part, Call))
        total += (
            _PER_TURN + count(turn.text + words + inputs) + _PER_IMAGE * sum(isinstance(part, Image) for part in parts)
        )
    shapes = [body[name] for name in ("toolConfig", "outputConfig") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    specs = (table(tool.get("toolSpec")) for tool in tables(table(body.get("toolConfig")).get("tools")))
    return tuple(
        Tool(spec["name"], str(spec.get("description") or ""), table(spec.get("inputSchema")).get("json") or {})
        for spec in specs
        if spec
    )


def _tool_mode(choice: Mapping[str, Any]) -> str:
    return f"={choice['tool']['name']}" if "tool" in choice else "required" if "any" in choice else "auto"


def _schema(layout: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the schema that an answer meets; the request carries it as text."""
    try:
        return json.loads(layout["structure"]["jsonSchema"]["schema"])
    except ValueError:
        return {"type": "object"}


def _thinking(body: Mapping[str, Any]) -> dict[str, Any]:
    return table(table(body.get("additionalModelRequestFields")).get("thinking"))


def _effort(thinking: Mapping[str, Any]) -> str:
    budget = thinking.get("budget_tokens", 0)
    return next((effort for most, effort in _EFFORTS if budget <= most), "high")
