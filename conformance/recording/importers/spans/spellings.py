"""How four conventions write a model call into a span's attributes and events, read into one `Call`.

OpenTelemetry's GenAI conventions: `gen_ai.input.messages` and `gen_ai.output.messages`, and the events and attributes that they replaced
(github.com/open-telemetry/semantic-conventions-genai, `model/gen-ai`, and `deprecated` in semantic-conventions 1.41, read 2026-11-29).
OpenLLMetry: `gen_ai.prompt.0.content`, `gen_ai.completion.0.content` (traceloop/openllmetry, `opentelemetry.semconv_ai`, read 2026-11-29).
OpenInference: `llm.input_messages.0.message.content` (Arize-ai/openinference, `spec/semantic_conventions.md`, read 2026-11-29).
The AI SDK: `ai.prompt.messages`, `ai.response.text` (https://ai-sdk.dev/docs/ai-sdk-core/telemetry, read 2026-11-29).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.recording.importers.spans.otlp import Event, Span

#: Parameters by the request's member, under every name that is in use.
_PARAMETERS: Final = {
    "model": ("gen_ai.request.model", "llm.request.model_name", "llm.model_name"),
    "max_tokens": ("gen_ai.request.max_tokens",),
    "max_completion_tokens": (),
    "temperature": ("gen_ai.request.temperature",),
    "top_p": ("gen_ai.request.top_p",),
    "seed": ("gen_ai.request.seed", "gen_ai.openai.request.seed"),
    "n": ("gen_ai.request.choice.count",),
    "stop": ("gen_ai.request.stop_sequences", "llm.chat.stop_sequences"),
    "frequency_penalty": ("gen_ai.request.frequency_penalty", "llm.frequency_penalty"),
    "presence_penalty": ("gen_ai.request.presence_penalty", "llm.presence_penalty"),
}
_INPUT: Final = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
)
_OUTPUT: Final = (
    "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion", "llm.usage.completion_tokens",
)  # fmt: skip
_FINISH: Final = (
    "gen_ai.response.finish_reasons",
    "llm.finish_reason",
    "llm.response.finish_reason",
    "llm.response.stop_reason",
)
_SERVED: Final = ("gen_ai.response.model", "llm.response.model_name", *_PARAMETERS["model"])
_PROVIDER: Final = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
_OPERATIONS: Final = frozenset({"chat", "generate_content", "text_completion", "completion"})
#: What names an operation that is no call of a chat model.
_NO_CALLS: Final = ("agent", "tool", "workflow", "embed", "retriev", "memory", "plan", "rerank", "guardrail", "evaluat")
_STEPS_OF_SDK: Final = (".doGenerate", ".doStream")
_DETAILS: Final = "gen_ai.client.inference.operation.details"
_CHOICE: Final = "gen_ai.choice"
_MESSAGE: Final = ".message"


class Call(NamedTuple):
    """A model call as a span tells it. Messages have a role and parts, or content and tool calls; `finishes` are the raw finish reasons."""

    parameters: dict[str, Any]
    asked: list[Any]
    answered: list[Any]
    finishes: list[Any]
    tools: list[Any]
    tokens: tuple[int | None, int | None]
    provider: str
    address: str
    model: str
    id: str
    conversation: str
    error: str


def call_of(span: Span) -> Call | None:
    """Return the call of a span; None where the span is no call of a chat model (an agent's step, a tool, an embedding, anything else)."""
    attributes = dict(span.attributes)
    for event in span.events:
        if event.name == _DETAILS or "gen_ai.output.messages" in event.attributes:
            attributes |= event.attributes
    if not _is_call(attributes, span.events):
        return None
    asked, answered, finishes = _messages(attributes, span.events)
    told = _first(attributes, _FINISH)
    told = parsed(told) if isinstance(told, str) and told.startswith("[") else told
    return Call(
        _parameters(attributes),
        [*_instructions(attributes), *asked],
        answered,
        finishes or (told if isinstance(told, list) else [told] if told else []),
        _tools(attributes),
        (_number(_first(attributes, _INPUT)), _number(_first(attributes, _OUTPUT))),
        str(_first(attributes, _PROVIDER) or ""),
        str(attributes.get("server.address") or ""),
        str(_first(attributes, _SERVED) or ""),
        str(attributes.get("gen_ai.response.id") or ""),
        str(_first(attributes, ("gen_ai.conversation.id", "session.id")) or ""),
        str(attributes.get("error.type") or ("an error" if span.failed else "")),
    )


def parsed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON that a text holds, the value itself where it is no text, or None where the text is no JSON."""
    if not isinstance(value, str):
        return value
    document = read_json(value.encode("utf-8", "surrogatepass"))
    return None if document.error else document.value


def _parameters(attributes: Mapping[str, Any]) -> dict[str, Any]:
    stated = parsed(attributes.get("llm.invocation_parameters"))
    stated = stated if isinstance(stated, dict) else {}
    told = {name: _first(attributes, keys) for name, keys in _PARAMETERS.items()}
    return {
        name: value for name in told if (value := stated.get(name) if told[name] is None else told[name]) is not None
    }


def _is_call(attributes: Mapping[str, Any], events: Sequence[Event]) -> bool:
    kind, of_sdk = attributes.get("openinference.span.kind"), attributes.get("ai.operationId")
    if isinstance(kind, str):
        return kind == "LLM"
    if isinstance(of_sdk, str):
        return of_sdk.endswith(_STEPS_OF_SDK)  # the span around it tells of several calls
    operation = attributes.get("gen_ai.operation.name", attributes.get("llm.request.type"))
    if operation in _OPERATIONS:
        return True
    told = "gen_ai.output.messages" in attributes or any(event.name == _CHOICE for event in events)
    return told and not (isinstance(operation, str) and any(word in operation for word in _NO_CALLS))


def _messages(attributes: Mapping[str, Any], events: Sequence[Event]) -> tuple[list[Any], list[Any], list[Any]]:
    """Return what was asked, what was answered, and the finish reasons beside the answers, in the first spelling that is there."""
    asked, answered = (parsed(attributes.get(f"gen_ai.{side}.messages")) for side in ("input", "output"))
    answered = [answered] if isinstance(answered, dict) else answered
    if isinstance(answered, list):
        return _list(asked), answered, _finishes(answered)
    if "ai.response.text" in attributes or "ai.response.toolCalls" in attributes:
        told = {
            "content": attributes.get("ai.response.text"),
            "tool_calls": parsed(attributes.get("ai.response.toolCalls")),
        }
        return _list(parsed(attributes.get("ai.prompt.messages"))), [{"role": "assistant", **told}], []
    for sides in (("gen_ai.prompt", "gen_ai.completion"), ("llm.input_messages", "llm.output_messages")):
        asked, answered = (_unwrapped(nested(attributes, side)) for side in sides)
        if isinstance(answered, list) and answered:
            return _list(asked), answered, _finishes(answered)
    return _from_events(events)


def _from_events(events: Sequence[Event]) -> tuple[list[Any], list[Any], list[Any]]:
    """Read the events, one a message, that older instrumentations write; a body stands in the record or among its attributes."""
    asked: list[Any] = []
    answered: list[Any] = []
    for event in events:
        body = event.body if isinstance(event.body, dict) else event.attributes
        if event.name == _CHOICE:
            message = parsed(body.get("message", body))
            told = message if isinstance(message, dict) else {"content": message}
            answered.append({"role": "assistant", **told, "finish_reason": body.get("finish_reason")})
        elif event.name.startswith("gen_ai.") and event.name.endswith(_MESSAGE):
            role = event.name.removeprefix("gen_ai.").removesuffix(_MESSAGE)
            asked.append({"role": role, **body, "tool_calls": parsed(body.get("tool_calls"))})
        elif event.name == "gen_ai.content.prompt":
            asked += _spoken(event.attributes.get("gen_ai.prompt"), "user")
        elif event.name == "gen_ai.content.completion":
            answered += _spoken(event.attributes.get("gen_ai.completion"), "assistant")
    return asked, answered, _finishes(answered)


def _spoken(text: Any, role: str) -> list[Any]:  # noqa: ANN401 - any JSON
    value = parsed(text)
    if isinstance(value, list):
        return value
    return [value if isinstance(value, dict) else {"role": role, "content": text}] if text else []


def nested(attributes: Mapping[str, Any], prefix: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what dotted names below a prefix spell: `a.0.b` is the member `b` of the first item of `a`; None where there is none."""
    root: dict[str, Any] = {}
    for name, value in attributes.items():
        if not name.startswith(f"{prefix}."):
            continue
        *way, last = name[len(prefix) + 1 :].split(".")
        table = root
        for step in way:
            below = table.setdefault(step, {})
            table = below if isinstance(below, dict) else {}
        table[last] = value
    return _listed(root) if root else None


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(item) for name, item in value.items()}


def _unwrapped(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Take away the levels that OpenInference names after their content: `message`, `message_content`, `tool_call`."""
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (name := next(iter(value))) in {"message", "message_content", "tool_call"}:
        return _unwrapped(value[name])
    return {("content" if name == "contents" else name): _unwrapped(item) for name, item in value.items()}


def _instructions(attributes: Mapping[str, Any]) -> list[Any]:
    parts = parsed(attributes.get("gen_ai.system_instructions"))
    return [{"role": "system", "parts": parts}] if isinstance(parts, (list, str)) and parts else []


def _tools(attributes: Mapping[str, Any]) -> list[Any]:
    told = parsed(_first(attributes, ("gen_ai.tool.definitions", "ai.prompt.tools")))
    told = told if isinstance(told, list) else nested(attributes, "llm.request.functions")
    if isinstance(told, list):
        return told
    listed = nested(attributes, "llm.tools")
    return [
        parsed(item["tool"].get("json_schema"))
        for item in _list(listed)
        if isinstance(item, dict) and isinstance(item.get("tool"), dict)
    ]


def _finishes(messages: Sequence[Any]) -> list[Any]:
    told = [item.get("finish_reason") if isinstance(item, dict) else None for item in messages]
    return told if any(told) else []


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, list) else []


def _first(table: Mapping[str, Any], names: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    return next((table[name] for name in names if table.get(name) is not None), None)


def _number(value: Any) -> int | None:  # noqa: ANN401 - any JSON
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
