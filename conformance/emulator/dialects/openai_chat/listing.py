"""`GET /models` and `GET /models/{id}`: the models of the TOML, with the provider's members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.plain import plain
from conformance.emulator.dress.templates import merged

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain

_CREATED = 1_735_689_600  # 2025-01-01: a model does not become younger between two listings


def listed(context: AnswerContext, model: str | None) -> Plain | None:
    """Return the list of all models, or one model's entry; None for a model that is not served."""
    if model is None:
        body = {"object": "list", "data": [_entry(context, name) for name in served(context)]}
        return plain(context, context.with_additions(body, {"models"}, ()))
    return plain(context, _entry(context, model)) if model in served(context) else None


def served(context: AnswerContext) -> tuple[str, ...]:
    """Return the ids of the models that are served: the TOML's, and the target's own."""
    return tuple(dict.fromkeys((*context.target.provider.models, context.target.model)))


def _entry(context: AnswerContext, model: str) -> dict[str, Any]:
    target = context.target
    entry = {
        "id": model,
        "object": "model",
        "created": _CREATED,
        "owned_by": target.provider.name,
    }
    local = {"model": model, "id": model}
    entry = context.with_additions(entry, {"model"}, (), **local)
    known = target.provider.models.get(model)
    return merged(entry, context.fill(known.listing, **local)) if known else entry
