"""Views of requests that should be accepted: whether each was answered or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.views.chat import request_is_known, requested
from conformance.views.errors import Failure, failure
from conformance.views.faults import fault_of

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.dialects.reply import Asked

_REFUSED = frozenset({400, 422})
#: Fields that providers add to their own assistant messages, beside role, content and tool_calls.
_OWN_FIELDS = frozenset({"reasoning", "reasoning_content", "reasoning_details", "refusal", "annotations"})
_BLAMES_HISTORY = re.compile(
    r"messages?\W{0,3}\d+\W|assistant message|reasoning(_content)?\b|'?content'? (must|is required|cannot)|input\[\d+\]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Attempt:
    """A request and its refusal (a 400 or 422), None where it was answered."""

    asked: Asked
    refusal: Failure | None

    @property
    def short(self) -> str:
        """The refusal as a finding quotes it."""
        return f"refused with {self.refusal.status}: {self.refusal.message[:120]!r}" if self.refusal else "answered"

    @property
    def said(self) -> str:
        """What the refusal says, and the parameter it names; empty where there is none."""
        return f"{self.refusal.message} {self.refusal.error.get('param')}" if self.refusal else ""


def attempt(case: Case) -> Attempt | None:
    """A chat request that was answered with a completion, or refused as the client's fault."""
    if not request_is_known(case) or case.reply.operation != "chat":
        return None
    found = case.view(failure)
    if found is not None and found.status in _REFUSED:
        return Attempt(case.asked, found)
    return Attempt(case.asked, None) if case.view(requested) is not None else None


@dataclass(frozen=True)
class SoundAttempt:
    """An attempt with nothing wrong in it, and the request's body."""

    attempt: Attempt
    body: dict[str, Any]


def sound_attempt(case: Case) -> SoundAttempt | None:
    """A request with nothing wrong in itself."""
    found = case.view(attempt)
    if found is None or fault_of(case.exchange.request) is not None:
        return None
    return SoundAttempt(found, case.exchange.request.json)


def format_attempt(case: Case) -> Attempt | None:
    """A request with a JSON response_format."""
    found = case.view(attempt)
    return found if found is not None and found.asked.response_format in {"json_object", "json_schema"} else None


def tool_attempt(case: Case) -> Attempt | None:
    """A request that offered tools."""
    found = case.view(attempt)
    return found if found is not None and found.asked.tools else None


def choice_attempt(case: Case) -> Attempt | None:
    """A request with tools and a well-formed tool_choice: none, a documented word, or the name of a declared function."""
    found = case.view(tool_attempt)
    if found is None:
        return None
    named = found.asked.tool_mode == "named"
    return None if named and found.asked.tool_name not in found.asked.tools else found


def history_attempt(case: Case) -> Attempt | None:
    """A request whose history holds an assistant turn with fields that providers add themselves."""
    found = case.view(attempt)
    body = case.exchange.request.json
    history = body.get("messages") or body.get("input")
    turns = [turn for turn in history if isinstance(turn, dict)] if isinstance(history, list) else []
    returned = any(
        (turn.get("role") == "assistant" and _OWN_FIELDS & turn.keys()) or turn.get("type") == "reasoning"
        for turn in turns
    )
    return found if returned else None


def blames_history(found: Attempt) -> bool:
    """Whether the refusal names the history rather than something else in the request."""
    return _BLAMES_HISTORY.search(found.said) is not None
