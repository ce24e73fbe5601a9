"""Refusals that miss a member which the API leaves open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from conformance.schemas.request_schema import optional_members

if TYPE_CHECKING:
    from conformance.rules.views.refusals import SoundAttempt

_MISSING: Final = "missing_required_parameter"
#: What a refusal that names the member in `param` says of it.
_DEMANDS: Final = re.compile(r"\b(?:required|missing)\b|\bmust be (?:provided|specified|set)\b", re.IGNORECASE)
#: The same with the member's name in it, before or behind.
_OF_NAME: Final = (
    r"(?:required|missing)\s+(?:(?:required|request|body)\s+)?(?:parameter|field|property|argument|member)s?:?\s*[`'\"]?{name}\b"
    r"|\b{name}[`'\"]?\s*(?::|is|are|must be|field|parameter)+\s*(?:also |a )?(?:required|missing|provided|specified|field required)\b"
)
#: Members whose contents have rules of their own: a history, and the schemas of tools.
_TOLD_ELSEWHERE: Final = frozenset({"messages", "input", "contents", "prompt", "tools", "functions"})
_STEP: Final = re.compile(r"[^.\[\]\s'\"`]+")


def demanded(result: SoundAttempt) -> str | None:
    """Return the member that a refusal asks for, although the request may do without it; None where it asks for none."""
    refusal = result.attempt.refusal
    if refusal is None:
        return None
    open_ones = optional_members(result.dialect) - _TOLD_ELSEWHERE - result.refusable
    param, says = refusal.error.get("param"), refusal.message
    if isinstance(param, str) and param:
        steps = _STEP.findall(param)
        asks = refusal.code == _MISSING or _DEMANDS.search(says) is not None
        return param if asks and steps[:1] and steps[0] in open_ones and not _stands(result.body, steps) else None
    return next(
        (name for name in sorted(open_ones) if not _stands(result.body, [name]) and _asks_for(says, name)), None
    )


def _asks_for(says: str, name: str) -> bool:
    if name.lower() not in says.lower():  # a grammar of each name costs more than all names are worth
        return False
    return re.search(_OF_NAME.format(name=re.escape(name)), says, re.IGNORECASE) is not None


def _stands(body: Any, steps: list[str]) -> bool:  # noqa: ANN401 - any JSON
    for step in steps:
        if not isinstance(body, dict) or body.get(step) is None:
            return False
        body = body[step]
    return True
