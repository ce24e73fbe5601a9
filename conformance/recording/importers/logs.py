"""Logs of bodies, one JSON object a line: what a gateway or a batch wrote of requests and answers, without HTTP.

OpenAI's and Anthropic's batch results, LiteLLM's standard logging payload, and `{request, response}` with bodies in them (each from
its documentation or a sample, read 2026-11-28). Their fidelity is `parsed`: no framing, header or id is the wire's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.parts import moment
from conformance.wire.dialects.bodies import spoken_by, unaddressed
from conformance.wire.exchange import Exchange, Response, as_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FAILED: Final = 500
_ASKED: Final = ("messages", "input", "prompt", "contents")


def log_exchange(row: Any, source: str, number: int) -> Exchange | None:  # noqa: ANN401 - any JSON
    """Return the exchange of a row; None where the row is of no form that is known."""
    if not isinstance(row, dict):
        return None
    return next((outcome for form in _FORMS if (outcome := form(row, source, number)) is not None), None)


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
    """`{request: {...}, response: {...}}` that are bodies: Helicone, Portkey and home-made logs."""
    asked, answered = (_body(row.get(name)) for name in ("request", "response"))
    if not isinstance(asked, dict) or not isinstance(answered, dict) or not any(name in asked for name in _ASKED):
        return None
    return _exchange(asked, answered, status=None, row=row, source=source, number=number)


_FORMS: Final[tuple[Callable[[Mapping[str, Any], str, int], Exchange | None], ...]] = (
    _openai_batch,
    _anthropic_batch,
    _litellm,
    _bodies,
)


def _body(value: Any) -> Any:  # noqa: ANN401 - any JSON
    return value["body"] if isinstance(value, dict) and isinstance(value.get("body"), dict) else value


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
