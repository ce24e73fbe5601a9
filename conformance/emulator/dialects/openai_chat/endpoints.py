"""A request becomes an answer: which endpoint it means, whether its key is good, what the model says, how that is put."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from conformance.decoys import INVALID_KEY
from conformance.emulator.dialects.openai_chat.body import plain
from conformance.emulator.dialects.openai_chat.listing import listing, retrieved, served
from conformance.emulator.dialects.openai_chat.stream import streamed
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.pace import waits
from conformance.emulator.dress.refusals import refused
from conformance.emulator.mind.answer import answer
from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.exchange import Request
    from conformance.providers import Params, Target

_CHAT = "chat/completions"


def respond(target: Target, request: Request, *, seed: int = 0, turn: int = 0, now: float = 0.0) -> Outgoing:
    """Return what the emulated provider answers.

    Args:
        target: who answers, and the model that a listing always holds.
        request: what was asked, under the path of the provider's base URL.
        seed: of everything that is drawn. The same seed, request and turn bring the same answer.
        turn: how often the same was asked before.
        now: Unix seconds.
    """
    found = answer_context(_asked(target, request), request, seed=seed, turn=turn, now=now)
    base = urlsplit(target.provider.base_url).path.rstrip("/") + "/"
    path = request.path[len(base) :] if request.path.startswith(base) else None
    if path is None or not (path in {_CHAT, "models"} or path.startswith("models/")):
        return refused(found, Refusal("not_found", f"Invalid URL ({request.method} {request.path})"))
    if request.method != ("POST" if path == _CHAT else "GET"):
        answered = refused(found, Refusal("not_found", f"Not allowed to {request.method} {request.path}"))
        return replace(answered, status=405)
    unknown_key = _key_refused(target, request)
    if unknown_key is not None:
        return refused(found, unknown_key)
    return _chat(found, request, seed) if path == _CHAT else _models(found, path.removeprefix("models").lstrip("/"))


def _models(found: AnswerContext, name: str) -> Outgoing:
    model = unquote(name)
    if not model:
        return listing(found)
    if model not in served(found):
        return refused(found, Refusal("unknown_model", f"The model '{model}' does not exist", "model"))
    return retrieved(found, model)


def _chat(found: AnswerContext, request: Request, seed: int) -> Outgoing:
    body = _parsed(request.body)
    if isinstance(body, Refusal):
        return refused(found, body)
    for params in _params(found.target):
        named = next((name for name in sorted(params.unsupported) if _present(body, name)), None)
        if named and params.handling == "refused":
            return refused(found, _unsupported(found, named))
        if params.handling == "ignored":
            body = {name: value for name, value in body.items() if name not in params.unsupported}
    said = answer(body, found.target, seed=seed)
    if isinstance(said, Refusal):
        return refused(found, said)
    pace = waits(found.target.provider.pace, found.rng)
    return streamed(found, said, pace) if found.streamed else plain(found, said, pace)


def _asked(target: Target, request: Request) -> Target:
    """Return the target as the model that was asked for, where it is served."""
    model = request.json.get("model")
    return replace(target, model=model) if isinstance(model, str) and model in target.provider.models else target


def _key_refused(target: Target, request: Request) -> Refusal | None:
    auth = target.provider.auth
    if auth is None or "auth" not in target.capabilities:
        return None
    given = {name.lower(): value for name, value in request.headers.items()}.get(auth.header.lower(), "")
    key = given.removeprefix(f"{auth.scheme} ").strip()
    if not key:
        return Refusal("no_key", f"You didn't provide an API key. It belongs into the header {auth.header}.")
    if key == INVALID_KEY or (auth.scheme and not given.startswith(f"{auth.scheme} ")):
        return Refusal("bad_key", "Incorrect API key provided.")
    return None


def _parsed(body: bytes) -> dict[str, Any] | Refusal:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal("malformed_body", "The body of your request could not be parsed as JSON.")
    if not isinstance(value, dict):
        return Refusal("malformed_body", "The body of your request has to be a JSON object.")
    return value


def _params(target: Target) -> Iterator[Params]:
    yield target.provider.params
    if target.known is not None:
        yield target.known.params


def _present(body: Mapping[str, Any], name: str) -> bool:
    value: Any = body
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value is not None


def _unsupported(found: AnswerContext, name: str) -> Refusal:
    """Return the refusal of a parameter: where the provider has a case for unsupported ones, it is that one."""
    errors, dialect = found.target.provider.errors, found.target.dialect
    sourced = errors.find("unsupported_feature", dialect) or not errors.find("unknown_parameter", dialect)
    when = "unsupported_feature" if sourced else "unknown_parameter"
    return Refusal(when, f"Unsupported parameter: '{name}' is not supported with this model.", name)
