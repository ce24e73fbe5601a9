"""Logs of bodies, one JSON object a line: what a gateway or a batch wrote of requests and answers, without HTTP.

OpenAI's and Anthropic's batch results, LiteLLM's standard logging payload, and `{request, response}` with bodies in them (each from
its documentation or a sample, read 2026-11-28). Their fidelity is `parsed`: no framing, header or id is the wire's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.message_logs import is_step, told_exchange, whole_runs
from conformance.recording.importers.pairs import URLS
from conformance.recording.importers.parts import moment
from conformance.recording.malformed import Malformed
from conformance.wire.dialects.bodies import BY_OBJECT, is_dump, spoken_by, spoken_by_stream, unaddressed
from conformance.wire.exchange import UNRECORDED, Exchange, Response, as_body
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.wire.dialects.bodies import Spoken

_FAILED: Final = 500
#: The protocol whose errors name themselves, and whose batches tell of requests that got no answer.
_MESSAGES: Final = BY_OBJECT["message"]
_REFUSED: Final = 400
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
    rows = _rows(document)[:_LOOKED_AT]
    return any(not is_addressed(row) and log_exchange(row, "", 0) is not None for row in rows)


def is_addressed(row: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a row has the address that was asked: then it is a recorder's, and no log of bodies."""
    if not isinstance(row, dict):
        return False
    asked = row.get("request")
    return "scope" in row or (isinstance(asked, dict) and any(isinstance(asked.get(name), str) for name in URLS))


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchange of each row."""
    for number, row in enumerate(row for row in _rows(document) if not is_step(row) and not _is_empty(row)):
        yield log_exchange(row, source, number) or Malformed(f"row {number} is no exchange", (number,))


def _is_empty(row: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a row has members for a call and none of them holds anything: the span around a call, or a task of a program."""
    sides = {name for names in _SIDES for name in names}
    return isinstance(row, dict) and bool(sides & row.keys()) and all(row.get(name) is None for name in sides)


def _rows(document: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return the rows of a list, of a member that lists them, or the one that a document is."""
    if isinstance(document, list):
        return document
    if (
        isinstance(document, dict)
        and isinstance(document.get("post"), list)
        and isinstance(document.get("patch"), list)
    ):
        return whole_runs(document["post"], document["patch"])
    lists = (document.get(name) for name in _LISTS) if isinstance(document, dict) else ()
    listed = (rows for rows in lists if isinstance(rows, list))
    return next((rows for rows in listed if any(log_exchange(row, "", 0) for row in rows[:_LOOKED_AT])), [document])


def _openai_batch(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """`{custom_id, response: {status_code, body}, error}`: https://platform.openai.com/docs/guides/batch."""
    answered = row.get("response")
    if "custom_id" not in row or not isinstance(answered, dict) or not isinstance(answered.get("body"), dict):
        return None
    return _exchange(None, answered["body"], status=answered.get("status_code"), row=row, source=source, number=number)


def _anthropic_batch(row: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """`{custom_id, result: {type, message}}`: https://docs.anthropic.com/en/docs/build-with-claude/batch-processing."""
    result = row.get("result")
    if "custom_id" not in row or not isinstance(result, dict) or not isinstance(result.get("type"), str):
        return None
    if isinstance(result.get("message"), dict):
        return _exchange(None, result["message"], status=200, row=row, source=source, number=number)
    if isinstance(result.get("error"), dict):
        return _exchange(None, result["error"], status=_REFUSED, row=row, source=source, number=number)
    why = {UNRECORDED: f"the batch tells {result['type']}"}
    spoken = _MESSAGES
    return Exchange(
        id=f"{source}#{number}",
        request=unaddressed(spoken),
        dialect=spoken.dialect,
        source=source,
        interaction=number,
        meta=why,
    )


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
    if _OF_RUNS & row.keys():  # its client folds answers together, so that they are no bodies
        return None
    for names in _SIDES:
        asked, answered = (_body(row.get(name)) for name in names)
        if not isinstance(asked, dict) or not any(name in asked for name in _ASKED):
            continue
        if isinstance(answered, (dict, str)):
            return _exchange(asked, answered, status=_status(row), row=row, source=source, number=number)
    return None


_FORMS: Final[tuple[Callable[[Mapping[str, Any], str, int], Exchange | None], ...]] = (
    _openai_batch,
    _anthropic_batch,
    _litellm,
    _bodies,
    told_exchange,
)
#: Members of LangSmith's runs, whole or as a later patch of one.
_OF_RUNS: Final = frozenset({"run_type", "dotted_order"})
#: Members that hold rows, in answers of the tools' interfaces and in states that clients keep of a batch.
_LISTS: Final = ("data", "results", "runs", "observations", "logs")


def _body(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = read_json(value.encode("utf-8", "surrogatepass")).value
    return _body(value["body"]) if isinstance(value, dict) and isinstance(value.get("body"), dict | str) else value


def _status(row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    answered = row.get("response")
    tables = (row, answered if isinstance(answered, dict) else {})
    names = ("status", "status_code", "statusCode", "response_status")
    return next((table[name] for table in tables for name in names if isinstance(table.get(name), int)), None)


def _spoken_by_error(answer: Mapping[str, Any], asked: Mapping[str, Any] | None) -> Spoken | None:
    """Return the protocol of an answer that is an error: one names itself so, and else the request's members tell."""
    if not isinstance(answer.get("error"), dict):
        return None
    if answer.get("type") == "error":
        return _MESSAGES
    return spoken_by({"candidates": []} if asked is not None and "contents" in asked else {"choices": []})


def _exchange(
    asked: Mapping[str, Any] | None,
    answer: Mapping[str, Any] | str,
    *,
    status: Any,  # noqa: ANN401 - any JSON
    row: Mapping[str, Any],
    source: str,
    number: int,
) -> Exchange | None:
    body = as_body(answer if isinstance(answer, str) else dict(answer))
    streamed = isinstance(answer, str)
    spoken = spoken_by_stream(body) if isinstance(answer, str) else spoken_by(answer) or _spoken_by_error(answer, asked)
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
        response=Response(code, {"content-type": "text/event-stream" if streamed else "application/json"}, body),
        dialect=spoken.dialect,
        recorded_at=next((when for date in dates if (when := moment(date)) is not None), None),
        fidelity="sdk-level" if is_dump(answer) else "parsed" if asked else "response-only",
        source=source,
        interaction=number,
    )
