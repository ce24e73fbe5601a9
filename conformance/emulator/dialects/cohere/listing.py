"""`GET /v1/models` and `GET /v1/models/{model}` in Cohere's form.

Source: https://docs.cohere.com/reference/list-models (read 2026-11-28), cohere 7.3.1 types/get_model_response.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects.openai_chat.listing import served
from conformance.emulator.dress.plain import plain

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain

_CONTEXT: Final = 128_000
_FEATURES: Final = {"tools": "tools", "json_schema": "json_schema", "json_object": "json_mode", "logprobs": "logprobs"}


def listed(context: AnswerContext, model: str | None) -> Plain | None:
    """Return the list of all models, or one model's entry; None for a model that is not served."""
    if model is not None:
        return plain(context, _entry(context, model)) if model in served(context) else None
    page = {"models": [_entry(context, name) for name in served(context)]}
    return plain(context, context.with_additions(page, {"models"}, ()))


def _entry(context: AnswerContext, model: str) -> dict[str, Any]:
    known = context.target.provider.models.get(model)
    able = known.capabilities if known else context.target.provider.capabilities
    entry = {
        "name": model,
        "is_deprecated": False,
        "endpoints": ["chat"],
        "finetuned": False,
        "context_length": known.context if known and known.context else _CONTEXT,
        "features": [word for name, word in _FEATURES.items() if name in able],
    }
    return context.with_additions(entry, {"model"}, (), model=model, id=model)
