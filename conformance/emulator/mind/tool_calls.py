"""Which tools the emulated model calls, and with what: the request's tool mode first, then the words of the question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.emulator.loose import table
from conformance.emulator.mind.completion import Called
from conformance.emulator.mind.json_instances.generate import instance
from conformance.emulator.mind.json_instances.hints import URL, URL_MEMBERS, Hints, content_words, names_in
from conformance.emulator.mind.prose import one_word_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from conformance.emulator.mind.conversation import Conversation
    from conformance.emulator.mind.request import AnswerRequest

#: Whether a model calls a tool that the request leaves to it: at every turn without results, as the question suggests, or not at all.
CallTools: TypeAlias = Literal["always", "auto", "never"]


@dataclass(frozen=True)
class Tool:
    """A function that the request offers; `parameters` is a JSON Schema, an empty object's where none is given."""

    name: str
    description: str
    parameters: Mapping[str, Any]

    @property
    def takes_url(self) -> bool:
        """Whether one of its parameters is a URL."""
        return bool(URL_MEMBERS & table(self.parameters.get("properties")).keys())

    @property
    def spread(self) -> bool:
        """Whether one call takes one name only, so that a question about two takes two calls."""
        members = table(self.parameters.get("properties"))
        if self.takes_url:
            return False
        texts = [part for part in members.values() if isinstance(part, dict) and part.get("type") == "string"]
        return sum("enum" not in part for part in texts) == 1 and not any(
            isinstance(part, dict) and part.get("type") in ("array", "object") for part in members.values()
        )


def calls(request: AnswerRequest, rng: Random, *, parallel: bool, call_tools: CallTools = "auto") -> tuple[Called, ...]:
    """Return the calls of a turn; none where it is answered in words.

    Args:
        request: whose tool mode decides first: `call_tools` speaks where that is `auto`.
        rng: where free choices are drawn from.
        parallel: whether the model makes several calls in one turn.
        call_tools: whether the model calls tools that the request leaves to it.

    Raises:
        NoInstanceError: a tool's parameters allow no arguments.
    """
    tools, mode, talk = request.tools, request.tool_mode, request.talk
    if not tools or mode == "none" or (mode == "auto" and call_tools == "never"):
        return ()
    if mode.startswith("="):
        chosen = [tool for tool in tools if tool.name == mode[1:]]
    elif talk.results and mode == "auto":
        return ()
    else:
        insists = mode == "required" or call_tools == "always"
        chosen = _fitting(tools, talk.asked) or (list(tools[:1]) if insists else [])
    made = [Called(tool.name, _arguments(tool, talk, names, rng)) for tool in chosen for names in _shares(tool, talk)]
    return tuple(made if parallel and request.parallel else made[:1])


def _fitting(tools: Sequence[Tool], asked: str) -> list[Tool]:
    """Return the tools that the question speaks of by name, else those whose description shares a word with it.

    A tool that takes a URL fits a question that has one.
    """
    if URL.search(asked) and (readers := [tool for tool in tools if tool.takes_url]):
        return readers
    words = content_words(asked)
    named = [tool for tool in tools if words & content_words(tool.name.replace("_", " ").replace("-", " "))]
    return named or [tool for tool in tools if words & content_words(tool.description)]


def _shares(tool: Tool, talk: Conversation) -> list[tuple[str, ...]]:
    """Return the names that each call of a tool is about: one each where a call takes one, else all in one call."""
    names = names_in(talk.asked)
    texts = [
        name for name in table(tool.parameters.get("properties")) if name in {"text", "note", "content", "message"}
    ]
    return [(name,) for name in names] if tool.spread and not texts and len(names) > 1 else [names]


def _arguments(tool: Tool, talk: Conversation, names: tuple[str, ...], rng: Random) -> str:
    offered = names or names_in(" ".join(talk.before[-1:]))
    known = None if names else one_word_answer(talk.asked)
    value = instance(tool.parameters, rng, lambda: Hints(talk.asked, offered, known))
    return json.dumps(value, ensure_ascii=False)
