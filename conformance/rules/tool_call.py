"""Tool calls: whole ones, and what they ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.conversation import ContinuedCalls, continued_tool_calls
from conformance.rules.views.errors import Failure, told_failure
from conformance.rules.views.escapes import EscapedArguments, escaped_arguments
from conformance.rules.views.markup import MARKUP, Spoken, spoken
from conformance.rules.views.own_output import refuses_own_output
from conformance.rules.views.tools import (
    ToolCalls,
    ended_tool_calls,
    is_custom,
    requested_tool_calls,
    tool_calls,
)
from conformance.schemas.carried import violations
from conformance.wire.dialects.families import CHAT, TOOLS
from conformance.wire.json_text import MISSING, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import ToolCall

_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"


_GUIDE = "https://platform.openai.com/docs/guides/function-calling"


_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@rule(
    "tool_call.first_delta_complete",
    over=tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21); recorded: OpenAI sends id, type and name first",
    breaks="AI SDK: InvalidResponseDataError \"Expected 'id' to be a string\"; replaying a call without an id is a 400",
    example='{"index": 0, "function": {"arguments": "{"}} opens a call',
    conforming='{"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}',
    by_schema=True,
)
def first_delta_complete(calls: ToolCalls) -> Iterator[Finding]:
    """The first fragment of a tool call, and every whole one, has an id, a type and a function name."""
    for item in calls.calls:
        first = item.call.fragments[0]
        kind = "custom" if is_custom(item.call) else "function"
        function = first.value.get(kind)
        parts = {
            "id": first.value,
            "type": first.value,
            f"{kind}/name": function if isinstance(function, dict) else {},
        }
        for path, holder in parts.items():
            key = path.rpartition("/")[2]
            if holder.get(key) is None:
                yield Finding(f"{first.pointer}/{path}", shown(holder.get(key, MISSING)), "a string", first.event)


@rule(
    "tool_call.id_nonempty",
    over=tool_calls,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21): a result is matched to its call by id",
    breaks="AI SDK and LangChain key calls by id: two empty ids are one call",
    example='{"id": "", "function": {...}}',
)
def id_nonempty(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call's id is never empty and holds no white space, and no other call of the same choice has it.

    Choices are answers of their own: OpenAI gives the same ids to the calls of both where n is 2 (recorded 2025-03-28).
    """
    seen: set[tuple[int, str]] = set()
    for item in calls.calls:
        empty = next((part for part in item.call.fragments.told if part.value.get("id") == ""), None)
        if item.call.id == "" or empty is not None:
            at = empty or item.call.fragments[0]
            yield Finding(
                f"{at.pointer}/{item.call.paths.id}",
                "is ''",
                "a non-empty string, or no key on a later fragment",
                at.event,
            )
        elif isinstance(item.call.id, str):
            if any(letter.isspace() for letter in item.call.id):
                at_id = f"{item.call.pointer}/{item.call.paths.id}"
                yield Finding(at_id, shown(item.call.id), "an id without white space", item.call.event)
            key = (id(item.choice), item.call.id)
            if key in seen:
                yield Finding(
                    f"{item.call.pointer}/{item.call.paths.id}",
                    f"{shown(item.call.id)} a second time",
                    "unique",
                    item.call.event,
                )
            seen.add(key)


@rule(
    "tool_call.id_new_in_conversation",
    over=continued_tool_calls,
    dialects=TOOLS,
    severity=Severity.WARNING,
    source=f"{_GUIDE} (read 2026-11-28): a result is matched to its call by id",
    breaks="clients that key calls and results by id show or send an earlier turn's result for the new call",
    example='"list_dir:0" in two turns of one conversation',
)
def id_new_in_conversation(continued: ContinuedCalls) -> Iterator[Finding]:
    """A tool call's id is one that no earlier turn of the conversation used."""
    for item in continued.calls.calls:
        if isinstance(item.call.id, str) and item.call.id in continued.earlier:
            at = f"{item.call.pointer}/{item.call.paths.id}"
            yield Finding(
                at, f"{shown(item.call.id)}, which an earlier turn's call has", "an id of its own", item.call.event
            )


@rule(
    "tool_call.name_pattern",
    over=tool_calls,
    dialects=TOOLS,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools (read 2026-11-21)",
    breaks="replaying the call is a 400: names must match ^[A-Za-z0-9_-]{1,64}$",
    example='{"name": "multi_tool_use.parallel"}',
    conforming='{"name": "multi_tool_use_parallel"}',
)
def name_pattern(calls: ToolCalls) -> Iterator[Finding]:
    """A function's name has 1 to 64 letters, digits, underscores and hyphens, unless the request declared it otherwise."""
    for item in calls.calls:
        name = item.call.name
        if isinstance(name, str) and not _NAME.fullmatch(name) and name not in calls.asked.tools:
            at = f"{item.call.pointer}/{item.call.paths.name}"
            yield Finding(at, shown(name), "letters, digits, _ and -, at most 64", item.call.event)


@rule(
    "tool_call.name_declared",
    over=requested_tool_calls,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21)",
    breaks="agent loops: KeyError on their table of tools",
    example='a call of "brary_search" where "library_search" was offered',
)
def name_declared(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call names one of the tools that the request declared."""
    for item in calls.calls:
        if isinstance(item.call.name, str) and item.call.name not in calls.asked.tools:
            declared = ", ".join(sorted(calls.asked.tools))
            at = f"{item.call.pointer}/{item.call.paths.name}"
            yield Finding(at, shown(item.call.name), f"one of {declared}", item.call.event)


@rule(
    "tool_call.arguments_string",
    over=tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21)",
    breaks="openai-python 3.52.0: json.loads of a dict raises TypeError",
    example='{"function": {"name": "f", "arguments": {"city": "Paris"}}}',
    conforming='{"function": {"name": "f", "arguments": "{\\"city\\": \\"Paris\\"}"}}',
    by_schema=True,
)
def arguments_string(calls: ToolCalls) -> None:
    """`arguments` is a string that holds JSON, not an object."""


@rule(
    "tool_call.arguments_json",
    over=ended_tool_calls,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21)",
    breaks="json.loads raises, or gives no dict to call the function with",
    example='"arguments": "{\\"city\\": \\"Par"',
    conforming='"arguments": "{\\"city\\": \\"Paris\\"}"',
)
def arguments_json(calls: ToolCalls) -> Iterator[Finding]:
    """The joined arguments of a finished call are one JSON object: `{}` for none; not cut, doubled or encoded twice."""
    for item in calls.calls:
        text = item.call.arguments
        if is_custom(item.call):
            continue  # its input is free text
        if not isinstance(item.call.fragments[0].value.get("function", {}), dict) or _not_a_string(item.call):
            continue
        document = read_json(text.encode("utf-8", "surrogatepass"))
        if isinstance(document.value, dict) and document.lenient is None:
            continue
        why = document.error or document.lenient or f"a JSON {type(document.value).__name__}"
        at = f"{item.call.pointer}/{item.call.paths.arguments}"
        yield Finding(at, f"{shown(text)} ({why})", "one JSON object", item.call.fragments[-1].event)


def _not_a_string(call: ToolCall) -> bool:
    functions = [part.value.get("function") for part in call.fragments.told]
    values = [function.get("arguments") for function in functions if isinstance(function, dict)]
    return any(value is not None and not isinstance(value, str) for value in values)


@rule(
    "tool_call.arguments_schema",
    over=requested_tool_calls,
    dialects=TOOLS,
    severity=Severity.WARNING,
    source=f"{_GUIDE}#strict-mode (read 2026-11-21); MoonshotAI's K2 vendor verifier measures it per host",
    breaks="the function is called with a wrong or missing argument",
    example='{"city": ["Paris"]} where city is a string',
    conforming='{"city": "Paris"}',
)
def arguments_schema(calls: ToolCalls) -> Iterator[Finding]:
    """The arguments match the JSON Schema that the request declared for the tool."""
    for item in calls.ended:
        schema = calls.asked.tools.get(item.call.name) if isinstance(item.call.name, str) else None
        value = read_json(item.call.arguments.encode("utf-8", "surrogatepass")).value
        if not isinstance(value, dict):
            continue
        for pointer, message in violations(schema, value):
            at = f"{item.call.pointer}/{item.call.paths.arguments}"
            yield Finding(
                at, f"{pointer or 'the object'}: {message}", "what the tool's parameters ask for", item.call.event
            )


@rule(
    "tool_call.arguments_unescaped",
    over=escaped_arguments,
    dialects=TOOLS,
    severity=Severity.WARNING,
    source=f"{_GUIDE} (read 2026-11-28): arguments are JSON, so a client decodes no other escape",
    breaks='the tool runs "make &amp;&amp; ls" as it stands, and the shell fails',
    example='{"command": "cd app &amp;&amp; make"}',
    conforming='{"command": "cd app && make"}',
)
def arguments_unescaped(escapes: list[EscapedArguments]) -> Iterator[Finding]:
    """Strings in a call's arguments hold no HTML entity and no second JSON escape that the request gives no reason for.

    A prompt or tool that speaks of HTML, XML, escapes or regular expressions is a reason; so is markup in the same string.
    """
    for item in escapes:
        call = item.called.call
        at = f"{call.pointer}/{call.paths.arguments}"
        yield Finding(at, f"holds {item.escape!r} at {item.pointer}", f"{item.plain!r}", call.event)
        return


@rule(
    "tool_call.not_in_content",
    over=spoken,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21); the markup is that of public chat templates (Hermes, Llama, Mistral, Harmony, DeepSeek)",
    breaks="the call is shown to the user and never made",
    example='{"content": "<tool_call>{...}</tool_call>"}',
    conforming='{"content": null, "tool_calls": [...]}',
)
def not_in_content(spoken: Spoken) -> Iterator[Finding]:
    """Content holds no tool-call markup, no bare call of a tool that the request declared, and not the values of a call's arguments.

    Nor does reasoning that no answer and no call follow.

    Judged only where the request offered tools or set tool_choice. Markup inside a code fence beside other text is left alone: a
    user may ask how it is written.
    """
    for choice, text in spoken.texts:
        match = MARKUP.search(text)
        call = match[0] if match else spoken.bare_call(choice)
        if call:
            yield Finding(choice.at("content"), f"holds {shown(call).removeprefix('is ')}", "a tool call", None)
    for choice, text in spoken.thoughts:
        match = MARKUP.search(text)
        call = match[0] if match else spoken.call_in_thoughts(text)
        if call:
            received = f"holds {shown(call).removeprefix('is ')}, and nothing follows"
            yield Finding(choice.at("reasoning"), received, "a tool call", None)


@rule(
    "tool_call.server_rejects_own_output",
    over=told_failure,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source="https://console.groq.com/docs/errors (read 2026-11-21): failed_generation; https://github.com/langchain-ai/langchain/issues/38365",
    breaks="a client can do nothing but ask again: the request was right",
    example='400 {"error": {"code": "tool_use_failed", "failed_generation": "..."}}',
)
def server_rejects_own_output(failure: Failure) -> Iterator[Finding]:
    """What the model itself wrote never becomes an error: a client can neither foresee nor mend the output."""
    if refuses_own_output(failure):
        event = failure.body.event
        place = f"status {failure.status}" if event is None else "an error in the stream"
        yield Finding("", f"{place} for the model's own output", "the output as it is", event)
