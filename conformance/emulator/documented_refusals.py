"""Refusals that are recorded, reported or documented, and what the emulator answers to the same request."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.app import Emulator
from conformance.providers import Target
from conformance.providers.keys import auth_headers
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers import Provider
    from conformance.providers.tables import How

_KEY: Final = "sk-conformance-emulated"
_NOW: Final = 1_795_000_000.0  # Unix seconds, 2026-11
_CHAT: Final[Mapping[str, Any]] = {"messages": [{"role": "user", "content": "Say hello."}]}


@dataclass(frozen=True)
class Answer:
    """What a client branches on: status, the form of the body, and the members of the error; None: null or absent."""

    status: int
    envelope: str
    type: str | None = None
    code: str | int | None = None
    param: str | None = None

    def __str__(self) -> str:
        """Return the members as one text."""
        return " ".join(str(part) for part in (self.status, self.envelope, self.type, self.code, self.param))


@dataclass(frozen=True)
class DocumentedRefusal:
    """One request that a provider refuses, and its answer as somebody saw or wrote it down.

    Attributes:
        provider: who refuses.
        asked: the request in words.
        request: members laid over a short chat.
        answer: the provider's.
        message: the provider's; its numbers are those of the request of the source.
        source: where it was read.
        how: how that is known.
        model: that was asked; empty: the provider's default one.
        explained: why our answer may differ; empty: it does not.
    """

    provider: str
    asked: str
    request: Mapping[str, Any] = field(hash=False)
    answer: Answer
    message: str
    source: str
    how: How
    model: str = ""
    explained: str = ""

    @property
    def id(self) -> str:
        """Provider and request, which stand once."""
        return f"{self.provider}: {self.asked}"


@cache
def documented_refusals() -> tuple[DocumentedRefusal, ...]:
    """Return every documented refusal, in the order of the file."""
    return tuple(_refusal(table) for table in _tables()["refusal"])


def emulated_answer(refusal: DocumentedRefusal, provider: Provider) -> tuple[Answer, str]:
    """Return what the emulated provider answers to the request, and its message."""
    model = refusal.model or provider.default_models[0]
    target = Target(provider, model, provider.dialect)
    chat = _tables()["chat"][provider.dialect]
    body = {"model": model, **_CHAT, **chat["body"], **refusal.request}
    headers = {name.lower(): value for name, value in auth_headers(target, _KEY).items()}
    asked = Request(
        "POST",
        f"{target.base_url}/{chat['path']}",
        {"content-type": "application/json", **headers},
        json.dumps(body).encode(),
    )
    answered = Emulator(target, clock=lambda: _NOW).answer(asked)
    return _answer(answered.status, json.loads(answered.body))


def differences(documented: Answer, emulated: Answer) -> list[str]:
    """Return the members in which two answers differ."""
    names = ("status", "envelope", "type", "code", "param")
    return [name for name in names if getattr(documented, name) != getattr(emulated, name)]


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("conformance.emulator") / "documented_refusals.toml").read_text("utf-8"))


def _refusal(table: Mapping[str, Any]) -> DocumentedRefusal:
    request = dict(table["request"])
    again = table.get("repeat")
    if again is not None:
        request[again["member"]] *= again["times"]
    answer = Answer(**{name: table[name] for name in ("status", "envelope", "type", "code", "param") if name in table})
    rest = {name: table[name] for name in ("model", "explained") if name in table}
    return DocumentedRefusal(
        table["provider"], table["asked"], request, answer, table["message"], table["source"], table["how"], **rest
    )


def _answer(status: int, body: Any) -> tuple[Answer, str]:  # noqa: ANN401 - any JSON
    """Read a body as clients do, whatever its form."""
    if not isinstance(body, dict):
        return Answer(status, "other"), json.dumps(body, ensure_ascii=False)
    inner = body.get("error", body)
    if not isinstance(inner, dict):
        return Answer(status, "error-string", code=body.get("code")), str(inner)
    envelope = "error-object" if "error" in body else "flat" if "message" in inner else "other"
    message = inner.get("message")
    words = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    return Answer(status, envelope, inner.get("type"), inner.get("code"), inner.get("param")), words
