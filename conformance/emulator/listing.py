"""`GET /models` and `GET /models/{id}`: the models of the TOML, with the provider's members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.headers import headers_of
from conformance.emulator.outgoing import Plain
from conformance.emulator.templates import merged

if TYPE_CHECKING:
    from conformance.emulator.occasion import Occasion

_OK = 200
_CREATED = 1_735_689_600  # 2025-01-01: a model does not become younger between two listings


def listing(occasion: Occasion) -> Plain:
    """Return the list of all models."""
    body = {"object": "list", "data": [_entry(occasion, model) for model in served(occasion)]}
    return _plain(occasion, occasion.extended(body, {"models"}, ()))


def retrieved(occasion: Occasion, model: str) -> Plain:
    """Return one model's entry."""
    return _plain(occasion, _entry(occasion, model))


def served(occasion: Occasion) -> tuple[str, ...]:
    """Return the ids of the models that are served: the TOML's, and the target's own."""
    return tuple(dict.fromkeys((*occasion.target.provider.models, occasion.target.model)))


def _entry(occasion: Occasion, model: str) -> dict[str, Any]:
    target = occasion.target
    entry = {
        "id": model,
        "object": "model",
        "created": _CREATED,
        "owned_by": target.provider.name,
    }
    local = {"model": model, "id": model}
    entry = occasion.extended(entry, {"model"}, (), **local)
    known = target.provider.models.get(model)
    return merged(entry, occasion.fill(known.listing, **local)) if known else entry


def _plain(occasion: Occasion, body: dict[str, Any]) -> Plain:
    headers = headers_of(occasion, occasion.wire.content_type, _OK)
    return Plain(_OK, headers, body, spaced=occasion.wire.json == "spaced", wait=occasion.target.provider.pace.queue)
