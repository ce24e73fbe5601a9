"""Logs of bodies, one JSON object a line: what a gateway or a batch wrote of requests and answers, without HTTP.

OpenAI's and Anthropic's batch results, LiteLLM's standard logging payload, and `{request, response}` with bodies in them (each from
its documentation or a sample, read 2026-11-28). Their fidelity is `parsed`: no framing, header or id is the wire's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.pairs import URLS
from conformance.recording.importers.parts import moment
from conformance.recording.malformed import Malformed
from conformance.wire.dialects.bodies import spoken_by, unaddressed
from conformance.wire.exchange import Exchange, Response, as_body
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FAILED: Final = 500
_ASKED: Final = ("messages", "input", "prompt", "contents")
#: How logs name the two sides.
_SIDES: Final = (
    ("request", "response"),
    ("request_body", "response_body"),
    ("requestBody", "responseBody"),
    ("input", "output"),
    ("inputs", "outputs"),
    ("body", "response"),
    ("req", "res"),
)
_LOOKED_AT: Final = 20  # rows of a list that tell its form


def log_exchange(row: Any, source: str, number: int) -> Exchange | None:  # noqa: ANN401 - any JSON
    """Return the exchange of a row; None where the row is of no form that is known."""
    if not isinstance(row, dict):
        return None
    return next((outcome for form in _FORMS if (outcome := form(row, source, number)) is not None), None)


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is a row, or a list of rows."""
    rows = (document if isinstance(document, list) else [document])[:_LOOKED_AT]
    return any(not is_addressed(row) and log_exchange(row, "", 0) is not None for row in rows)


def is_addressed(row: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a row has the address that was asked: then it is a recorder's, and no log of bodies."""
    if not isinstance(row, dict):
        return False
    asked = row.get("request")
    return "scope" in row or (isinstance(asked, dict) and any(isinstance(asked.get(name), str) for name in URLS))


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchange of each row."""
    for number, row in enumerate(document if isinstance(document, list) else [document]):
        yield log_exchange(row, source, number) or Malformed(f"row {number} is no exchange", (number,))


def _openai_batch(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """`{custom_id, response: {status_code, body}, error}`: https://platform.openai.com/docs/guides/batch."""
    answered = row.get("response")
    if "custom_id" not in row or not isinstance(answered, dict) or not isinstance(answered.get("body"), dict):
        return None
    return _exchange(None, answered["body"], status=answered.get("status_code"), row=row, source=source, number=number)


def _anthropic_batch(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """`{custom_id, result: {type, message}}`: https://docs.anthropic.com/en/docs/build-with-claude/batch-processing."""
    result = row.get("result")
    if "custom_id" not in row or not isinstance(result, dict) or not isinstance(result.get("message"), dict):
        return None
    return _exchange(None, result["message"], status=200, row=row, source=source, number=number)


def _litellm(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """`{call_type, messages, response, status}`: https://docs.litellm.ai/docs/proxy/logging_spec."""
    if "call_type" not in row or not isinstance(row.get("response"), dict):
        return None
    asked = {name: row[name] for name in ("model", *_ASKED, "stream") if row.get(name) is not None}
    asked |= row["model_parameters"] if isinstance(row.get("model_parameters"), dict) else {}
    asked.pop("stream", None)  # the whole answer is logged, however it was sent
    status = 200 if row.get("status") != "failure" else _FAILED
    return _exchange(asked, row["response"], status=status, row=row, source=source, number=number)


def _bodies(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """Two members that are bodies, as values or texts: Helicone, Portkey, Langfuse, LangSmith and home-made logs."""
    for names in _SIDES:
        asked, answered = (_body(row.get(name)) for name in names)
        if isinstance(asked, dict) and isinstance(answered, dict) and any(name in asked for name in _ASKED):
            return _exchange(asked, answered, status=_status(row), row=row, source=source, number=number)
    return None


_FORMS: Final[tuple[Callable[[Mapping[str, Any], str, int], Exchange | None], ...]] = (
    _openai_batch,
    _anthropic_batch,
    _litellm,
    _bodies,
)


def _body(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = read_json(value.encode("utf-8", "surrogatepass")).value
    return _body(value["body"]) if isinstance(value, dict) and isinstance(value.get("body"), dict | str) else value


def _status(row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    answered = row.get("response")
    tables = (row, answered if isinstance(answered, dict) else {})
    names = ("status", "status_code", "statusCode", "response_status")
    return next((table[name] for table in tables for name in names if isinstance(table.get(name), int)), None)


def _exchange(
    asked: Mapping[str, Any] | None,
    answer: Mapping[str, Any],
    *,
    status: Any,  # noqa: ANN401 - any JSON
    row: Mapping[str, Any],
    source: str,
    number: int,
) -> Exchange | None:
    spoken = spoken_by(answer)
    if spoken is None:
        return None
    request = unaddressed(
        spoken, json.dumps(asked, ensure_ascii=False).encode("utf-8", "surrogatepass") if asked else b""
    )
    code = status if isinstance(status, int) and not isinstance(status, bool) else 200
    dates = (row.get(name) for name in ("startTime", "timestamp", "created_at", "recorded_at"))
    return Exchange(
        id=f"{source}#{number}",
        request=request,
        response=Response(code, {"content-type": "application/json"}, as_body(dict(answer))),
        dialect=spoken.dialect,
        recorded_at=next((when for date in dates if (when := moment(date)) is not None), None),
        fidelity="parsed" if asked else "response-only",
        source=source,
        interaction=number,
    )
