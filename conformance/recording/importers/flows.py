"""Flow files of mitmproxy, read by its own package where that is installed (docs.mitmproxy.org, `mitmproxy.io`, read 2026-11-29)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.recording.importers.parts import uncoded
from conformance.recording.importers.spans.otlp import instant
from conformance.recording.malformed import Malformed
from conformance.wire.exchange import Exchange, Request, Response, fold_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEDY: Final = (
    "convert it: mitmdump -nr FILE --set hardump=FILE.har;"
    ' or install the extra: pip install "llm-provider-conformance[mitmproxy]" (Python 3.12)'
)


def read(data: bytes, source: str) -> Iterator[Exchange | Malformed]:
    """Yield the HTTP exchanges of a flow file; its other flows are none.

    Raises:
        UnusableInputError: mitmproxy is not installed.
    """
    try:
        from mitmproxy.exceptions import FlowReadException  # noqa: PLC0415 - not everybody has it
        from mitmproxy.http import HTTPFlow  # noqa: PLC0415
        from mitmproxy.io import FlowReader  # noqa: PLC0415
    except ImportError as error:
        raise UnusableInputError("is a flow file of mitmproxy", where=source, remedy=_REMEDY) from error
    flows = (flow for flow in FlowReader(io.BytesIO(data)).stream() if isinstance(flow, HTTPFlow))
    number = 0
    try:
        for flow in flows:
            yield _exchange(flow, source, number)
            number += 1
    except FlowReadException as error:
        yield Malformed(f"flow {number} cannot be read: {error}", line=1)


def _exchange(flow: Any, source: str, number: int) -> Exchange:  # noqa: ANN401 - mitmproxy's HTTPFlow
    asked, answered = flow.request, flow.response
    headers, body = _message(asked)
    return Exchange(
        id=f"{source}#{number}",
        request=Request(asked.method.upper(), asked.pretty_url, headers, body),
        response=Response(answered.status_code, *_message(answered)) if answered is not None else None,
        recorded_at=instant(asked.timestamp_start),
        session=source,
        source=source,
        interaction=number,
    )


def _message(message: Any) -> tuple[dict[str, str], bytes]:  # noqa: ANN401 - mitmproxy's Message
    headers = fold_headers(message.headers.items(multi=True))
    return headers, uncoded(message.raw_content or b"", headers)
