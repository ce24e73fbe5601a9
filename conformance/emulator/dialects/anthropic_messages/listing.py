"""`GET /models` and `GET /models/{id}` in Anthropic's form.

Source: https://docs.anthropic.com/en/api/models-list (read 2026-11-21), anthropic 2.11.0 types/model_info.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_chat.listing import served
from conformance.emulator.dress.plain import plain

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain


def listed(context: AnswerContext, model: str | None) -> Plain | None:
    """Return the first page of all models, or one model's entry; None for a model that is not served."""
    if model is not None:
        return plain(context, _entry(context, model)) if model in served(context) else None
    names = served(context)
    page = {"data": [_entry(context, name) for name in names], "has_more": False}
    page |= {"first_id": names[0], "last_id": names[-1]}
    return plain(context, context.with_additions(page, {"models"}, ()))


def _entry(context: AnswerContext, model: str) -> dict[str, Any]:
    title = model.replace("-", " ").title()
    entry = {"type": "model", "id": model, "display_name": title, "created_at": "2025-01-01T00:00:00Z"}
    return context.with_additions(entry, {"model"}, (), model=model, id=model)
