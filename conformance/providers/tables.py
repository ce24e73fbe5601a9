"""What a provider's TOML states, as frozen values: keys, prices, and how things look on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.providers.hosting import Hosting, hosting_from

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Unit: TypeAlias = Literal["go-duration", "seconds-int", "seconds-float", "rfc3339", "none"]
Envelope: TypeAlias = Literal["error-object", "flat", "detail", "message", "error-string", "array", "text", "empty"]
#: How a source was read, from the strongest way to the weakest: see `facts.HOWS`. What states none is unverified.
How: TypeAlias = Literal["recorded", "code", "report", "docs", "unverified"]


@dataclass(frozen=True)
class Auth:
    """Which header carries the key, and the name of the variable that holds it.

    `sigv4` is the service name of AWS's Signature Version 4, which takes the key's place where the variable is unset.
    `also` are other headers in which the server takes the key, each with its scheme: clients choose among them.
    """

    header: str
    env: str
    scheme: str = ""
    optional: bool = False
    sigv4: str = ""
    also: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Differences:
    """What differs in one dialect of a provider; None: as everywhere."""

    auth: Auth | None = None
    headers: Mapping[str, str] | None = None
    capabilities: frozenset[str] | None = None
    envelope: Envelope | None = None
    stream_error_type: str | None = None
    hosting: Hosting | None = None


@dataclass(frozen=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float
    source: str
    read: date
    how: How = "unverified"


@dataclass(frozen=True)
class Speed:
    """Output tokens per second, as advertised."""

    advertised_tps: float
    source: str
    read: date
    how: How = "unverified"


@dataclass(frozen=True)
class Stream:
    """What a chat stream looks like on the wire; the defaults are those of OpenAI's chat completions."""

    terminator: Literal["[DONE]", "eof"] = "[DONE]"
    usage: Literal["final-chunk", "finish-chunk", "finish-and-final", "trailing-choice", "every-chunk"] = "final-chunk"
    usage_unasked: Literal["none", "final-chunk", "finish-chunk", "trailing-choice", "every-chunk"] = "none"
    role: Literal["first", "every"] = "first"
    finish_reason: Literal["null", "absent"] = "null"
    finish_repeats: bool = False
    tool_calls: Literal["fragments", "whole", "both", "finish-chunk"] = "fragments"
    comments: bool = False
    comment: str = ""
    error: Literal["event", "data", "chunk"] = "data"
    done_after_error: bool = False
    line_end: Literal["lf", "crlf"] = "lf"
    content_type: str = "text/event-stream"
    object: str = "chat.completion.chunk"
    object_last: str | None = None
    id: Literal["same", "per-chunk"] = "same"
    created: Literal["same", "per-chunk"] = "same"
    source: str = ""
    read: date | None = None
    how: How = "unverified"


@dataclass(frozen=True)
class ErrorCase:
    """One way to fail: what the client did or met, and what it is told. `when` is a word of schemas/provider.json."""

    when: str
    status: int
    retryable: bool | Literal["maybe"]
    source: str
    confidence: Literal["high", "medium", "low"]
    type: str | None = None
    code: str | int | None = None
    param: str | None = None
    message: str | None = None
    envelope: Envelope | None = None
    dialect: str | None = None
    content_type: str | None = None
    limit: str | None = None
    note: str = ""
    how: How = "unverified"


@dataclass(frozen=True)
class Errors:
    """The shape of error bodies and the known cases, in the order of the file."""

    envelope: Envelope = "error-object"
    fields: tuple[str, ...] = ("message", "type", "param", "code")
    code_type: Literal["string", "integer", "mixed"] = "string"
    content_type: str = "application/json"
    cases: tuple[ErrorCase, ...] = ()
    source: str = ""
    read: date | None = None
    how: How = "unverified"

    def find(self, when: str, dialect: str | None = None) -> ErrorCase | None:
        """Return the first case of that word that holds for the dialect."""
        return next((case for case in self.cases if case.when == when and case.dialect in {None, dialect}), None)


@dataclass(frozen=True)
class Params:
    """Request parameters that are refused or ignored.

    `ignored_without` are capabilities: a model without one ignores the parameter that asks for it. `needless` are members that
    are taken without the member that they go with elsewhere. `defaults` are values of unsupported parameters that are taken all the same.
    """

    unsupported: frozenset[str] = frozenset()
    handling: Literal["refused", "ignored", "unknown"] = "unknown"
    source: str = ""
    read: date | None = None
    how: How = "unverified"
    ignored_without: frozenset[str] = frozenset()
    needless: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Server:
    """How `conformance record` starts a local server; `context` is in tokens per slot, `batch` the prompt tokens read at once.

    `pooling` is how vectors are made of tokens, by the dialect that answers with them.
    """

    runner: str
    package: str
    weights: str
    context: int
    parallel: int
    threads: int = 1
    batch: int | None = None
    chat_template: str | None = None
    pooling: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = ""
    read: date | None = None
    how: How = "unverified"


def differences_from(table: Mapping[str, Any]) -> Differences:
    """Build `Differences` from a validated table of `[differs]`."""
    known = {key: table[key] for key in ("headers", "envelope", "stream_error_type") if key in table}
    auth = Auth(**table["auth"]) if "auth" in table else None
    abilities = frozenset(table["capabilities"]) if "capabilities" in table else None
    hosting = hosting_from(table["hosting"]) if "hosting" in table else None
    return Differences(**known, auth=auth, capabilities=abilities, hosting=hosting)


@dataclass(frozen=True)
class Gateway:
    """How `conformance record` starts a real gateway in front of another provider's local server.

    `models` are those that it serves so, `upstream` the provider whose `[server]` stands behind it. `command` and `config` hold `{model}`,
    `{key}`, `{upstream}`, `{upstream_key}`, `{port}` and (command) `{config}`; `ready` is the path that answers 200 once it serves.
    `silent_on` are subjects of rules that tell of the model behind it, and not of the gateway.
    """

    command: tuple[str, ...]
    models: tuple[str, ...]
    upstream: str
    ready: str
    config: Mapping[str, Any] = field(hash=False)
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    silent_on: tuple[str, ...] = ()
    source: str = ""
    read: date | None = None
    how: How = "unverified"


def gateway_from(table: Mapping[str, Any]) -> Gateway:
    """Build `Gateway` from a validated `[gateway]` table."""
    lists = {key: tuple(table[key]) for key in ("command", "models", "silent_on") if key in table}
    return Gateway(**{**table, **lists})


def errors_from(table: Mapping[str, Any]) -> Errors:
    """Build `Errors` from a validated `[errors]` table."""
    cases = tuple(ErrorCase(**case) for case in table.get("case", ()))
    known = {key: value for key, value in table.items() if key not in {"case", "fields"}}
    if "fields" in table:
        known["fields"] = tuple(table["fields"])
    return Errors(**known, cases=cases)


def params_from(table: Mapping[str, Any]) -> Params:
    """Build `Params` from a validated `[params]` table."""
    sets = {key: frozenset(table.get(key, ())) for key in ("unsupported", "ignored_without", "needless")}
    return Params(**{**table, **sets})
