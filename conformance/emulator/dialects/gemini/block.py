"""A prompt that a filter blocks: an answer without candidates, which says why. BLOCKED_PROMPT in it stands for what a filter finds.

Source: https://ai.google.dev/gemini-api/docs/safety-settings, https://ai.google.dev/api/generate-content (PromptFeedback; read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects.gemini.turns import text_of
from conformance.emulator.loose import tables
from conformance.wire.sentinels import BLOCKED_PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What finds it, where no setting switches that filter off.
_CATEGORY: Final = "HARM_CATEGORY_DANGEROUS_CONTENT"
_OFF: Final = frozenset({"BLOCK_NONE", "OFF"})


def feedback(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return why the prompt of a request is blocked; None where it is not."""
    prompt = "".join(text_of(content.get("parts")) for content in tables(body.get("contents")))
    settings = {setting.get("category"): setting.get("threshold") for setting in tables(body.get("safetySettings"))}
    if BLOCKED_PROMPT not in prompt or settings.get(_CATEGORY) in _OFF:
        return None
    return {"blockReason": "SAFETY", "safetyRatings": [{"category": _CATEGORY, "probability": "HIGH", "blocked": True}]}
