"""The capabilities that a reader asks about, in plain words, with the subjects of the rules behind each."""

from __future__ import annotations

from typing import Final

STREAMING: Final = "streaming"
#: A capability with its subjects (the part of a rule's id before the dot). The order is that of every page.
CAPABILITIES: Final[dict[str, tuple[str, ...]]] = {
    STREAMING: ("sse", "stream", "chunk", "delta"),
    "tool calls": ("tool_call", "tool_choice"),
    "structured output": ("response_format",),
    "answers": ("choice", "envelope", "content", "finish_reason", "reasoning", "schema", "vendor"),
    "parameters and limits": ("params", "stop", "n", "max_tokens", "logprobs"),
    "usage": ("usage",),
    "errors": ("error", "http"),
    "models": ("model",),
    "grounding": ("url",),
    "latency": ("timing",),
}
#: The capability of the subjects that belong to one protocol alone.
PROTOCOL: Final = "protocol"

#: Rules that a plain answer decides too: no evidence that streaming works.
_OF_RULE: Final = {"stream.only_when_asked": "answers", "chunk.choices_required": "answers"}
_OF_SUBJECT: Final = {subject: name for name, subjects in CAPABILITIES.items() for subject in subjects}


def capability_of(rule_id: str) -> str:
    """Return the capability that a rule belongs to, by its id.

    Example:
        >>> capability_of("tool_call.arguments_json"), capability_of("gemini.parts")
        ('tool calls', 'protocol')
    """
    return _OF_RULE.get(rule_id) or _OF_SUBJECT.get(rule_id.partition(".")[0], PROTOCOL)
