"""How a dialect writes an answer: one folder a dialect, found by the dialect's name.

`conformance/emulator/dialects/<name>/__init__.py` holds an `EmulatedDialect` under the name `DIALECT`. Nothing else names a dialect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion, Refusal
    from conformance.emulator.mind.request import AnswerRequest
    from conformance.emulator.response import Outgoing
    from conformance.providers.hosting import Hosting
    from conformance.providers.tables import Envelope
    from conformance.wire.exchange import Request

Operation: TypeAlias = Literal["chat", "models", "model", "stored"]
_MOST = 1000  # answers


class Memory(dict[str, Any]):
    """What one server keeps between requests, by id: the newest answers only."""

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401 - each dialect's own
        """Keep a value, in place of the oldest one where there are too many."""
        self[key] = value
        if len(self) > _MOST:
            del self[next(iter(self))]


class Endpoint(NamedTuple):
    """One endpoint: `path` stands below the base URL, and `{id}` in it is any text."""

    method: str
    path: str
    operation: Operation

    def match(self, path: str) -> str | None:
        """Return the id in a path, empty where the endpoint has none; None where the path is another endpoint's."""
        if "{id}" not in self.path:
            return "" if path == self.path else None
        result = re.fullmatch(re.escape(self.path).replace(r"\{id\}", "(.*)"), path)
        return result[1] if result else None


def hosted_endpoints(hosting: Hosting) -> tuple[Endpoint, ...]:
    """Return the endpoints at which a host answers in a dialect that is not its own."""
    paths = dict.fromkeys((hosting.path, hosting.stream_path))
    return tuple(Endpoint("POST", path.replace("{model}", "{id}"), "chat") for path in paths)


@dataclass(frozen=True)
class EmulatedDialect:
    """One dialect, as the emulator writes it.

    Attributes:
        endpoints: in the order in which they are tried.
        params: the request's word for a member of `AnswerRequest`.
        places: the words of `[wire].add.at` that an answer has.
        envelope: of error bodies, where the dialect has one of its own, whatever `[errors]` says of the provider's chat.
        type_header: the header in which the type of an error stands; empty: none.
        addressed: what the address of a request states of what its body leaves out, such as the model and the stream; None: nothing.
        failure: the body of an error, of its status, its type and its message; None: the provider's TOML states its form alone.
        wire: values where a provider's TOML states none in `[wire."<dialect>"]`; None: `[wire]` itself speaks of the dialect.
        listing: writes the list of models, or one entry.
        read: reads a sound request, or says why it cannot be answered.
        encode: writes a completion, streamed or not.
        stored: reads, makes or deletes something kept; None: nothing is.
        reply: answers a sound request in place of `read` and `encode`, where it is not one chat: vectors, several prompts, a sound.
    """

    endpoints: tuple[Endpoint, ...]
    params: Mapping[str, str]
    places: frozenset[str]
    listing: Callable[[AnswerContext, str | None], Outgoing | None]
    read: Callable[[Mapping[str, Any], Memory], AnswerRequest | Refusal] | None = None
    encode: Callable[[AnswerContext, Completion, Waits, Memory], Outgoing] | None = None
    stored: Callable[[AnswerContext, Endpoint, str, Memory], Outgoing | Refusal] | None = None
    envelope: Envelope | None = None
    type_header: str = ""
    wire: Mapping[str, Any] | None = None
    addressed: Callable[[Request, Endpoint, str], Mapping[str, Any]] | None = None
    reply: Callable[[AnswerContext, Request, int], Outgoing | Refusal] | None = None
    failure: Callable[[int, str | None, str], dict[str, Any]] | None = None


def base_of(dialect: str, path: str) -> str | None:
    """Return the part of a path before the endpoint at which a dialect is asked for an answer; None where the path is another one.

    `/openai/v1/chat/completions` has the base `/openai/v1`.
    """
    for endpoint in emulated_dialect(dialect).endpoints:
        pattern = re.escape(endpoint.path).replace(r"\{id\}", "[^/]+")
        result = re.fullmatch(f"(.*)/{pattern}", path) if endpoint.operation == "chat" else None
        longer = any(path.endswith(f"/{other}") for other in endpoint_paths() if other.endswith(f"/{endpoint.path}"))
        if result is not None and not longer:  # /chat/completions is no /completions
            return result[1]
    return None


def base_before(dialect: str, method: str, path: str) -> str | None:
    """Return the part of a path before any endpoint of a dialect, whatever it is asked for; None where no endpoint ends the path.

    `/case1/v1beta/models/m:generateContent` has the base `/case1/v1beta`: the model stands in the endpoint.
    """
    result = _endpoint_at(dialect, method, path)
    return result[0] if result is not None else None


def operation_at(dialect: str, method: str, path: str) -> Operation | None:
    """Return the operation of the endpoint at the end of a path; None where no endpoint of the dialect ends it."""
    result = _endpoint_at(dialect, method, path)
    return result[1].operation if result is not None else None


def _endpoint_at(dialect: str, method: str, path: str) -> tuple[str, Endpoint] | None:
    for endpoint in emulated_dialect(dialect).endpoints:
        pattern = re.escape(endpoint.path).replace(r"\{id\}", "[^/]+")
        result = re.fullmatch(f"(.*)/{pattern}", path) if endpoint.method == method else None
        if result is not None:
            return result[1], endpoint
    return None


def endpoint_paths() -> tuple[str, ...]:
    """Return the paths of every emulated dialect's endpoints, without ids and without repeats."""
    folders = (module.name for module in iter_modules(__path__) if module.ispkg)
    dialects = (emulated_dialect(folder.replace("_", "-")) for folder in sorted(folders))
    paths = (endpoint.path.partition("{id}")[0].rstrip("/") for dialect in dialects for endpoint in dialect.endpoints)
    return tuple(dict.fromkeys(paths))


@cache
def is_emulated(dialect: str) -> bool:
    """Whether a dialect has a folder here."""
    return any(module.ispkg and module.name == dialect.replace("-", "_") for module in iter_modules(__path__))


@cache
def emulated_dialect(name: str) -> EmulatedDialect:
    """Return a dialect as the emulator writes it.

    Raises:
        UnusableInputError: the dialect has no folder here.
    """
    module = f"{__name__}.{name.replace('-', '_')}"
    try:
        return import_module(module).DIALECT  # type: ignore[no-any-return]
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise UnusableInputError(
            f"dialect {name!r} is not emulated", remedy="serve a target of another dialect"
        ) from None
