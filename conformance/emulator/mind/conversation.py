"""A conversation in no dialect: its user messages, its answers, and the results of its tools."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One tool result: the call's arguments as they were sent (JSON text), and what the tool said."""

    arguments: str
    text: str


@dataclass(frozen=True)
class Conversation:
    """`asked` is the last user message, `before` the user messages ahead of it, `said` the assistant's, oldest first.

    `results` are the tool results after the last user message: where there are some, the answer is about them. `system` holds the
    texts that stand above the conversation.
    """

    asked: str = ""
    before: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    system: str = ""
