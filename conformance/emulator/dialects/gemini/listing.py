"""`GET /models`, in pages, and `GET /models/{id}` in Gemini's form.

Source: https://ai.google.dev/api/models (read 2026-11-28); 4 recorded listings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_chat.listing import served
from conformance.emulator.dress.plain import plain
from conformance.emulator.dress.refusals import refused
from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain

_USUAL = 50  # models a page
_OUTPUT = 65_536  # tokens


def listed(context: AnswerContext, model: str | None) -> Plain | None:
    """Return a page of the models, or one model's entry; None for a model that is not served. A page's token is the number before it."""
    if model is not None and ":" in model:
        return refused(context, Refusal("not_found", f"Method GET is not found for models/{model}."))
    if model is not None:
        return plain(context, _entry(context, model)) if model in served(context) else None
    size, first = (_number(context.body.get(name)) for name in ("pageSize", "pageToken"))
    names, first, size = served(context), first or 0, size or _USUAL
    page: dict[str, Any] = {"models": [_entry(context, name) for name in names[first : first + size]]}
    if first + size < len(names):
        page["nextPageToken"] = str(first + size)
    return plain(context, context.with_additions(page, {"models"}, ()))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isdigit() else None


def _entry(context: AnswerContext, model: str) -> dict[str, Any]:
    known = context.target.provider.models.get(model)
    thinks = known is not None and "reasoning" in known.capabilities
    entry = {
        "name": f"models/{model}",
        "version": "001",
        "displayName": model.replace("-", " ").title(),
        "inputTokenLimit": known.context if known is not None and known.context else _OUTPUT,
        "outputTokenLimit": _OUTPUT,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        **({"thinking": True} if thinks else {}),
    }
    return context.with_additions(entry, {"model"}, (), model=model, id=model)
