"""tool_choice: accepted in each documented form, and obeyed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.legal_requests import LegalRequest, legal_tools
from conformance.rules.views.own_output import refuses_own_output
from conformance.rules.views.refusals import choice_attempt
from conformance.rules.views.tools import finished_tool_request
from conformance.wire.dialects.families import GEMINI, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.rules.views.refusals import Attempt

_CHOICE = "https://platform.openai.com/docs/api-reference/chat/create#chat-create-tool_choice"
_NAMES_TOOL_CHOICE = re.compile(r"tool[_ -]?choice", re.IGNORECASE)


@rule(
    "tool_choice.honoured",
    over=finished_tool_request,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_CHOICE} (read 2026-11-21)",
    breaks="structured extraction by a forced call gets prose; a turn that must not act, acts",
    example='tool_choice "required", answered with text',
)
def honoured(answer: Answer) -> Iterator[Finding]:
    """'required' brings a call, a named function that call, 'none' no call, and parallel_tool_calls false at most one."""
    mode, name = answer.asked.tool_mode, answer.asked.tool_name
    for choice in answer.choices:
        called = [call.name for call in choice.tool_calls]
        at = choice.at("tool_calls")
        if mode == "none" and called:
            yield Finding(at, f"calls {', '.join(map(str, called))}", "no call, for tool_choice is 'none'")
        elif choice.refusal or (
            choice.finish_reason in {"length", "content_filter"} and (called or not choice.text.strip())
        ):
            continue  # refused, or cut before it could tell
        elif choice.structured and mode in {"required", "named"} and answer.asked.tools.get(name or "") is None:
            continue  # a tool that the server runs was called: its call is no call for the client
        elif mode == "required" and not called:
            yield Finding(at, "holds no call", "a call, for tool_choice is 'required'")
        elif mode == "named" and name not in called:
            received = f"calls {', '.join(map(str, called))}" if called else "holds no call"
            yield Finding(at, received, f"a call of {name!r}, for tool_choice names it")
        elif answer.asked.parallel_tools is False and len(called) > 1:
            yield Finding(at, f"has {len(called)} calls", "one, for parallel_tool_calls is false")


@rule(
    "tool_choice.forms_accepted",
    over=choice_attempt,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source=f"{_CHOICE} (read 2026-11-21)",
    breaks="every SDK sends these forms",
    example='400 for {"tool_choice": {"type": "function", "function": {"name": "f"}}}',
)
def forms_accepted(attempt: Attempt) -> Iterator[Finding]:
    """tool_choice is accepted as 'auto', 'none', 'required' and as the object that names a declared function."""
    own = attempt.refusal is not None and refuses_own_output(
        attempt.refusal
    )  # the form was taken: the model did not follow
    if _NAMES_TOOL_CHOICE.search(attempt.said) and not own:
        form = attempt.asked.tool_mode or "absent (auto)"
        yield Finding("/tool_choice", f"{shown(form)}: {attempt.short}", "accepted")


@rule(
    "tool_call.schema_keywords_accepted",
    over=legal_tools,
    dialects=TOOLS - GEMINI,
    severity=Severity.ERROR,
    source="https://json-schema.org/draft/2020-12 (read 2026-11-21); https://platform.openai.com/docs/guides/function-calling",
    breaks="tools generated from pydantic or zod types use these keywords",
    example="400 \"Unsupported JSON schema fields: {'minItems'}\"",
)
def schema_keywords_accepted(tools: LegalRequest) -> Iterator[Finding]:
    """Parameters of a tool that are valid JSON Schema are accepted, or the refusal's param points at the tools.

    A strict tool keeps to a documented part of JSON Schema and is not judged. Gemini documents a part of OpenAPI's schema.
    """
    if tools.blamed:
        yield Finding("/tools", tools.short, "accepted, or param naming the tool")
