"""Recordings of Rust's httpmock: a YAML document an exchange, `when:` what was asked, `then:` what is answered.

Read 2026-11-29: https://docs.rs/httpmock (record and playback), https://github.com/0xPlaygrounds/rig (tests/cassettes).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from conformance.recording.importers.pairs import read_pairs
from conformance.recording.importers.parts import with_empty_lines
from conformance.wire.dialects.reading import is_event_stream
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed

#: An id that the recorder wrote over, so that files do not change with each recording.
_OWN_ID: Final = re.compile(rb'"id"\s*:\s*"[^"\\]{0,80}REDACTED')


def claims(document: Any) -> bool:  # noqa: ANN401 - any YAML
    """Whether a document is such a recording."""
    if not isinstance(document, dict):
        return False
    asked, answered = document.get("when"), document.get("then")
    return isinstance(asked, dict) and isinstance(answered, dict) and isinstance(asked.get("path"), str)


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any YAML
    """Yield the exchange of a document; the documents of a file are one session."""
    asked, answered = document["when"], document["then"]
    query = urlencode(_pairs(asked.get("query_param")))
    request = {
        "method": asked.get("method"),
        "url": f"{asked['path']}?{query}" if query else asked["path"],
        "headers": dict(_pairs(asked.get("header"))),
        "body": asked.get("body"),
    }
    body, coded = answered.get("body"), answered.get("body_encoding") == "base64"
    response = {
        "status": answered.get("status"),
        "headers": dict(_pairs(answered.get("header"))),
        "body": f"base64:{body}" if coded else body,
    }
    for exchange in read_pairs([{"request": request, "response": response}], source, session=source):
        yield _finished(exchange) if isinstance(exchange, Exchange) else exchange


def _finished(exchange: Exchange) -> Exchange:
    """Return an exchange with the last line end of a stream, which the recorder cut off, and with what its ids can prove."""
    response = exchange.response
    if response is None:
        return exchange
    if is_event_stream(response):
        exchange = replace(exchange, response=replace(response, body=with_empty_lines(response.body)))
    return replace(exchange, fidelity="normalised") if _OWN_ID.search(response.body) is not None else exchange


def _pairs(listed: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any YAML
    """Return names and values of a list of `{name, value}`."""
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return [(str(entry.get("name")), str(entry.get("value", ""))) for entry in entries]
