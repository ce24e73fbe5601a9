"""Exchanges as they are compared: of which kind, which JSON documents they hold, and how a stream is framed.

Both sides, real traffic and the emulator's answers, come in as `Exchange` and are read here in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.recording.importers import read_exchanges
from conformance.wire.exchange import Exchange
from conformance.wire.json_text import read_json
from conformance.wire.sse import parse_event_stream
from tests.samples.material import BESIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conformance.wire.exchange import Fidelity, Response

Kind: TypeAlias = Literal["completion", "stream", "models", "error"]
KINDS: tuple[Kind, ...] = ("completion", "stream", "models", "error")

#: Files of the traffic whose name is not that of the TOML.
FILES = {"azure": "azure-openai", "gemini": "gemini-openai", "litellm": "litellm-proxy"}
#: Bodies of these fidelities hold the members that were sent.
TRUSTED: frozenset[Fidelity] = frozenset({"full", "parsed"})
#: And these nearly so: values were rewritten, or a stream was taken apart. Other tools recorded them: a second opinion.
REWRITTEN: frozenset[Fidelity] = frozenset({"normalised", "response-only", "chunks-only"})
_DONE = b"[DONE]"


@dataclass(frozen=True)
class Framing:
    """How one stream stood on the wire."""

    line_end: str
    done: bool
    comments: frozenset[str]
    events: frozenset[str]


@dataclass(frozen=True, eq=False)
class Sample:
    """One exchange that is compared, itself and no other that looks like it. `documents` are the chunks of a stream, or the one body."""

    exchange: Exchange
    kind: Kind
    documents: tuple[Any, ...]
    framing: Framing | None = None

    @property
    def headers(self) -> frozenset[str]:
        """Names of the response's headers, where the recording kept them all."""
        response = self.exchange.response
        return frozenset(response.headers) if response is not None and self.exchange.on_wire else frozenset()


def real_samples(
    provider: str, fidelities: frozenset[Fidelity] = TRUSTED, traffic: Path = BESIDE.traffic
) -> list[Sample]:
    """Return a provider's chat completions and listings that stand in `traffic`; empty where there is no file."""
    path = traffic / "exchanges" / f"{FILES.get(provider, provider)}.jsonl"
    return list(samples(_recorded(path, fidelities))) if path.is_file() else []


def samples(exchanges: Iterable[Exchange]) -> Iterator[Sample]:
    """Yield those exchanges that have a kind."""
    for exchange in exchanges:
        found = sample_of(exchange)
        if found is not None:
            yield found


def sample_of(exchange: Exchange) -> Sample | None:
    """Return the exchange as a sample, or None where it is no chat completion, listing or error of one."""
    response = exchange.response
    path = exchange.request.path
    if response is None or response.status is None or not path.endswith(("/chat/completions", "/models")):
        return None
    if _is_stream(response):
        return _stream(exchange, response)
    value = read_json(response.body).value
    if not isinstance(value, dict | list):
        return None
    if response.status >= 400 or (isinstance(value, dict) and "error" in value and "choices" not in value):
        return Sample(exchange, "error", (value,))
    return Sample(exchange, "models" if path.endswith("/models") else "completion", (value,))


def _recorded(path: Path, fidelities: frozenset[Fidelity]) -> Iterator[Exchange]:
    for exchange in read_exchanges(path):
        if not isinstance(exchange, Exchange):
            raise TypeError(f"{path}: {exchange.error}")
        if exchange.fidelity in fidelities and not exchange.meta.get("suspect_synthetic"):
            yield exchange


def _is_stream(response: Response) -> bool:
    # Recorders may drop every header: the body then says it.
    return response.content_type == "text/event-stream" or response.body.startswith((b"data:", b": ", b"event:"))


def _stream(exchange: Exchange, response: Response) -> Sample:
    stream = parse_event_stream(response.body)
    data = [event.data for event in stream.events]
    documents = tuple(read_json(each).value for each in data if each.strip() != _DONE)
    framing = Framing(
        "crlf" if b"\r\n" in response.body else "lf",
        bool(data) and data[-1].strip() == _DONE,
        frozenset(comment.text.decode("utf-8", "replace") for comment in stream.comments),
        frozenset(event.type for event in stream.events),
    )
    chunks = tuple(each for each in documents if isinstance(each, dict))
    return Sample(exchange, "stream", chunks, framing if exchange.on_wire else None)
