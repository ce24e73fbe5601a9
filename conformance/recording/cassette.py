"""Our cassettes: vcrpy's YAML with a `conformance` block in each response. vcrpy replays them too, without the timing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from vcr.request import Request as VcrRequest
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

from conformance.errors import UnusableInputError
from conformance.recording import block
from conformance.recording.files import write_whole
from conformance.recording.importers import vcrpy
from conformance.recording.malformed import Malformed
from conformance.recording.redaction import redact
from conformance.recording.repeats import folded
from conformance.recording.yaml_lines import line_of, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.wire.exchange import Evidence, Exchange

SUFFIX: Final = ".yaml"
EMULATED_SUFFIX: Final = ".emulated.yaml"
REFUSED_SUFFIX: Final = ".refused.yaml"
_REMEDY: Final = "record it anew with `conformance record`"


@dataclass(frozen=True)
class Cassette:
    """One probe's conversation with one target. What the blocks agree on stands here once."""

    path: Path
    exchanges: tuple[Exchange, ...]
    probe: str
    probe_hash: str
    tool: str
    evidence: Evidence
    recorded_at: datetime

    @property
    def provider(self) -> str | None:
        """Who answered."""
        return self.exchanges[0].provider

    @property
    def dialect(self) -> str | None:
        """The wire protocol that was spoken."""
        return self.exchanges[0].dialect


def cassette_path(root: Path, provider: str, model: str, dialect: str, probe: str, *, emulated: bool = False) -> Path:
    """Return `<root>/<provider>/<model>/<dialect>/<probe>.yaml`, with what a file name cannot hold percent-encoded."""
    suffix = EMULATED_SUFFIX if emulated else SUFFIX
    return root.joinpath(*map(encode_model, (provider, model, dialect)), encode_model(probe) + suffix)


def refused_path(path: Path) -> Path:
    """Return where a refusal is kept that is worth less than the cassette at `path`. It is never replayed."""
    return path.with_name(path.name.removesuffix(SUFFIX) + REFUSED_SUFFIX)


def encode_model(model: str) -> str:
    """Return a model id as a folder's name: `openai/gpt-oss-120b` is `openai%2Fgpt-oss-120b`."""
    name = quote(model, safe="@+=,")
    return name if not name.startswith(".") else f"%2E{name[1:]}"


def decode_model(name: str) -> str:
    """Return the model id that a folder is named for."""
    return unquote(name)


def save(path: Path, exchanges: Iterable[Exchange], *, probe: str, probe_hash: str, tool_version: str) -> None:
    """Write a cassette, whole or not at all. Exchanges are redacted once more: nothing unredacted can be written.

    Raises:
        UnusableInputError: the file cannot be written.
    """
    now = datetime.now(UTC)
    requests: list[VcrRequest] = []
    responses: list[dict[str, Any]] = []
    for exchange in map(redact, exchanges):
        asked = exchange.request
        headers = {name: [value] for name, value in asked.headers.items()}
        body, runs = folded(asked.body)
        requests.append(VcrRequest(asked.method, asked.url, body or None, headers))
        recorded_at = exchange.recorded_at or now
        own = block.write(exchange, recorded_at=recorded_at, probe=probe, probe_hash=probe_hash, tool=tool_version)
        if runs:
            own["request_runs"] = runs
        responses.append({**_response(exchange), block.KEY: own})
    write_whole(path, serialize({"requests": requests, "responses": responses}, yamlserializer))


def load(path: Path) -> Cassette:
    """Read a cassette.

    vcrpy's own loader would do, but says neither line nor place of what is wrong.

    Raises:
        UnusableInputError: it is missing, broken, empty, or another tool's.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableInputError(f"cannot be read: {error.strerror}", where=path, remedy=_REMEDY) from error
    exchanges: list[Exchange] = []
    try:
        for entry in vcrpy.read(read_yaml(data, path), path.as_posix()):
            if isinstance(entry, Malformed):
                raise entry
            if "probe" not in entry.meta:
                at = ("interactions", entry.interaction, "response")
                raise UnusableInputError(
                    "not one of our cassettes: a response has no `conformance` block",
                    where=f"{path}:{line_of(data, at)}",
                    remedy="`conformance audit` judges recordings of other tools",
                )
            exchanges.append(entry)
    except Malformed as problem:
        raise UnusableInputError(
            problem.what, where=f"{path}:{line_of(data, problem.keys)}", remedy=_REMEDY
        ) from problem
    if not exchanges:
        raise UnusableInputError("holds no interaction", where=f"{path}:1", remedy=_REMEDY)
    first = exchanges[0]
    moments = [entry.recorded_at for entry in exchanges if entry.recorded_at]
    meta = first.meta
    return Cassette(
        path, tuple(exchanges), meta["probe"], meta["probe_hash"], meta["tool"], first.evidence, min(moments)
    )


def _response(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    if response is None:
        return {"status": {"code": None, "message": ""}, "headers": {}, "body": {"string": b""}}
    coded = block.coded_headers(exchange)
    return {
        "status": {"code": response.status, "message": _phrase(response.status)},
        "headers": {name: [value] for name, value in response.headers.items() if name not in coded},
        "body": {"string": response.body},
    }


def _phrase(status: int | None) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
