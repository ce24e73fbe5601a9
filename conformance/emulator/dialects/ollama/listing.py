"""`GET /api/tags`, `POST /api/show` and `GET /api/version`.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11-21): List Local Models, Show Model Information.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects.openai_chat.listing import served
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from conformance.emulator.dialects import Endpoint, Memory
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain

_MODIFIED: Final = "2026-01-01T00:00:00Z"
_DETAILS: Final = {
    "parent_model": "",
    "format": "gguf",
    "family": "llama",
    "families": ["llama"],
    "parameter_size": "7B",
    "quantization_level": "Q4_K_M",
}
_VERSION: Final = "0.12.11"


def listed(context: AnswerContext, model: str | None) -> Plain | None:  # noqa: ARG001 - one endpoint lists all
    """Return the models that are there."""
    models = [context.with_additions(_entry(name), {"model"}, (), model=name, id=name) for name in served(context)]
    return plain(context, context.with_additions({"models": models}, {"models"}, ()))


def shown(context: AnswerContext, endpoint: Endpoint, name: str, memory: Memory) -> Plain | Refusal:  # noqa: ARG001
    """Return the server's version, or what a model is; refuse one that is not there."""
    if endpoint.path == "api/version":
        return plain(context, {"version": _VERSION})
    model = context.body.get("model") or context.body.get("name")
    if model not in served(context):
        return Refusal("unknown_model", f"model '{model}' not found", "model")
    known = context.target.provider.models.get(str(model))
    able = known.capabilities if known else context.target.provider.capabilities
    words = {"tools": "tools", "reasoning": "thinking", "vision": "vision"}
    details = {
        "modelfile": f"FROM {model}",
        "template": "{{ .Prompt }}",
        "details": _DETAILS,
        "model_info": {"general.architecture": "llama", "llama.context_length": (known and known.context) or 131_072},
        "capabilities": ["completion", *(word for name, word in words.items() if name in able)],
        "modified_at": _MODIFIED,
    }
    return plain(context, details)


def _entry(model: str) -> dict[str, Any]:
    digest = sha256(model.encode()).hexdigest()
    return {
        "name": model,
        "model": model,
        "modified_at": _MODIFIED,
        "size": 4_000_000_000,
        "digest": digest,
        "details": _DETAILS,
    }
