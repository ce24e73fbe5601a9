"""response_format: accepted, and obeyed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.parameters import json_request, schema_request, whole_texts
from conformance.rules.views.refusals import Attempt, format_attempt
from conformance.schemas.carried import violations
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer

_GUIDE = "https://platform.openai.com/docs/guides/structured-outputs"
#: A prompt that speaks of an array: a model that no grammar holds answers with one.
_ASKS_A_LIST = re.compile(
    r"\barrays?\b|\[|\b(?:tableau|arreglo|vetor|matriz)\b|\u043c\u0430\u0441\u0441\u0438\u0432"
    r"|\u6570\u7ec4|\u9663\u5217|\u6578\u7d44|\u914d\u5217|\ubc30\uc5f4|\u0645\u0635\u0641\u0648\u0641\u0629",
    re.IGNORECASE,
)
_NAMES_FORMAT = re.compile(r"response[_ ]?(format|mime)|json[_ ](schema|object|mode)|structured output", re.IGNORECASE)


@rule(
    "response_format.accepted",
    over=format_attempt,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21)",
    breaks="every SDK's parse() helper sends json_schema",
    example='400 "response_format json_schema is not supported"',
)
def accepted(attempt: Attempt) -> Iterator[Finding]:
    """json_object and json_schema are accepted, also beside tools."""
    if _NAMES_FORMAT.search(attempt.said):
        yield Finding("/response_format", f"{shown(attempt.asked.response_format)}: {attempt.short}", "accepted")


@rule(
    "response_format.json_parses",
    over=json_request,
    severity=Severity.ERROR,
    source=f"{_GUIDE} (read 2026-11-21)",
    breaks="json.loads(message.content) raises",
    example='"```json\\n{\\"city\\": \\"Paris\\"}\\n```"',
    conforming='"{\\"city\\": \\"Paris\\"}"',
)
def json_parses(answer: Answer) -> Iterator[Finding]:
    """A finished answer under json_object or json_schema is bare JSON: no fence, no prose, not empty. Of json_object, it is an object.

    A list is left alone where the prompt speaks of one.
    """
    of_object = answer.asked.response_format == "json_object"
    for choice in whole_texts(answer):
        document = read_json(choice.text.strip().encode("utf-8", "surrogatepass"))
        if document.error is not None or document.lenient is not None:
            yield Finding(choice.at("content"), shown(choice.text, 60), "one JSON text and nothing else")
        elif of_object and not isinstance(document.value, dict) and not _ASKS_A_LIST.search(answer.asked.prompt):
            yield Finding(choice.at("content"), shown(choice.text, 60), "an object, as json_object says")


@rule(
    "response_format.schema_valid",
    over=schema_request,
    severity=Severity.ERROR,
    source=f"{_GUIDE}#supported-schemas (read 2026-11-21)",
    breaks="the SDK's parse() helper: pydantic ValidationError",
    example='{"town": "Paris"} where city is required',
    conforming='{"city": "Paris"}',
)
def schema_valid(answer: Answer) -> Iterator[Finding]:
    """A finished answer under json_schema matches the schema that was asked for."""
    for choice in whole_texts(answer):
        document = read_json(choice.text.strip().encode("utf-8", "surrogatepass"))
        if document.error is None:
            for pointer, message in violations(answer.asked.response_schema, document.value):
                yield Finding(choice.at("content"), f"{pointer or 'the value'}: {message}", "what the schema asks for")
