"""How a host carries a dialect that is not its own: the model in the path, a version in the body, frames in place of events.

Sources (read 2026-11-29): anthropic 2.14.0 lib/bedrock/_client.py and lib/vertex/_client.py; botocore 1.44.8
data/bedrock-runtime/2023-09-30 (InvokeModel, InvokeModelWithResponseStream).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.dialects.ask import Composed


class Variables(NamedTuple):
    """Where an SDK looks for a base URL and for a key; `added` is what it puts behind the base URL by itself."""

    url: str
    key: str = ""
    added: str = ""


@dataclass(frozen=True)
class Hosting:
    """Where a host's requests in a dialect stand, and what they state elsewhere than the dialect's own API.

    Attributes:
        path: of a request for one body, below the base URL; `{model}` in it is the model.
        stream_path: of a request for a stream.
        body: members that every request has besides, such as a version.
        without: members that no request has, as the path states them; `model` is always one of them.
        takes: members that a request may have besides those of the dialect.
        frames: whether a stream is binary frames, each of which carries an event of the dialect in base64.
        error_type_header: the header in which the type of an error stands; empty: none.
        variables: the environment variables of the SDK that asks this host; None: it reads none.
    """

    path: str
    stream_path: str
    body: Mapping[str, Any] = field(default_factory=dict, hash=False)
    without: frozenset[str] = frozenset({"model"})
    takes: frozenset[str] = frozenset()
    frames: bool = False
    error_type_header: str = ""
    variables: Variables | None = None

    def carried(self, composed: Composed) -> Composed:
        """Return a request of the dialect as the host takes it. A name of a model that the body lacks leaves `{model}` in the path."""
        body = composed.body or {}
        path = self.stream_path if body.get("stream") is True else self.path
        if body.get("model") is not None:
            path = path.replace("{model}", quote(str(body["model"]), safe="@"))
        if composed.body is None:
            return composed._replace(path=path)
        kept = {name: value for name, value in body.items() if name not in self.without}
        return composed._replace(path=path, body={**self.body, **kept})

    def stated(self, path: str, model: str) -> dict[str, Any]:
        """Return the members that a path states in place of the body: the model, and whether a stream is asked for."""
        members: dict[str, Any] = {"model": model}
        return members | {"stream": path == self.stream_path} if "stream" in self.without else members


def hosting_from(table: Mapping[str, Any]) -> Hosting:
    """Build `Hosting` from a validated table of `[differs."<dialect>".hosting]`."""
    known = {**table, "takes": frozenset(table.get("takes", ()))}
    if "variables" in table:
        known["variables"] = Variables(**table["variables"])
    return Hosting(**{**known, "without": frozenset({"model", *table.get("without", ())})})
