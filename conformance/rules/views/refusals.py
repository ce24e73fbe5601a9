"""Views of requests that should be accepted: whether each was answered or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.chat import request_is_known, requested
from conformance.rules.views.errors import Failure, failure
from conformance.rules.views.invalid_requests import off_schema, request_fault
from conformance.rules.views.parameters import objects_at, strictness
from conformance.schemas.request_schema import refusable, takes

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked

_REFUSED = frozenset({400, 422})
#: Fields that providers add to their own assistant messages, beside role, content and tool_calls.
_OWN_FIELDS = frozenset({"reasoning", "reasoning_content", "reasoning_details", "refusal", "annotations"})
#: What a refusal says that will not have an assistant turn whose content is null, as turns with tool calls are returned.
_BLAMES_NULL = re.compile(
    r"content\W.{0,60}(\bnull\b|none ?type|must be a string|expected (a )?string|is required|cannot be (null|empty))",
    re.IGNORECASE | re.DOTALL,
)
#: A turn that the caller changed or tore apart is refused in other words.
_NOT_TAKEN = re.compile(
    r"unsupported|not (supported|permitted|allowed|recogni[sz]ed)|unknown|unrecogni[sz]ed|unexpected|extra|additional|invalid|must be",
    re.IGNORECASE,
)
_BLAMES_HISTORY = re.compile(
    r"messages?\W{0,3}\d+\W|assistant message|reasoning(_content)?\b|'?content'? (must|is required|cannot)|input\[\d+\]",
    re.IGNORECASE,
)

#: Where a refusal says which turn it is about.
_PLACES = re.compile(r"(?:messages?|input|contents)(?:\[|\.|/|: ?)(\d{1,5})")
_NAMES_AN_ANSWER = re.compile(r"assistant|reasoning", re.IGNORECASE)

#: What a refusal of json_object says where it misses the word in the messages.
_ASKS_FOR_THE_WORD = re.compile(r"\b(?:messages?|prompt|word)\b.{0,60}\bjson\b", re.IGNORECASE)

#: Where subschemas stand (JSON Schema 2020-12): in an object by name, alone or in a list. And how deep they are looked at.
_BY_NAME = ("properties", "$defs", "definitions", "patternProperties")
_SUBSCHEMAS = ("items", "anyOf", "allOf", "oneOf", "prefixItems")
_DEEPEST = 40


@dataclass(frozen=True)
class Attempt:
    """A request and its refusal (a 400 or 422), None where it was answered."""

    asked: Asked
    refusal: Failure | None

    @property
    def short(self) -> str:
        """The refusal as a finding quotes it."""
        return f"refused with {self.refusal.status}: {self.refusal.message[:120]!r}" if self.refusal else "answered"

    @property
    def said(self) -> str:
        """What the refusal says, and the parameter it names; empty where there is none."""
        return f"{self.refusal.message} {self.refusal.error.get('param')}" if self.refusal else ""


def attempt(case: Case) -> Attempt | None:
    """A chat request that was answered with a completion, or refused as the client's fault."""
    if not request_is_known(case) or case.reply.operation != "chat":
        return None
    result = case.view(failure)
    if result is not None and result.status in _REFUSED:
        return Attempt(case.asked, result)
    return Attempt(case.asked, None) if case.view(requested) is not None else None


@dataclass(frozen=True)
class SoundAttempt:
    """An attempt with nothing wrong in it, the request's body, and its dialect."""

    attempt: Attempt
    body: dict[str, Any]
    dialect: str
    refusable: frozenset[str] = frozenset()  # the members that a host may refuse, alone or beside the others

    def has_good(self, parameter: str) -> bool:
        """Whether the request has a parameter, with a value of its documented type and range that goes with the other members."""
        good = parameter in self.body and takes(self.dialect, parameter, self.body[parameter])
        return good and parameter not in self.refusable


def takes_strict(schema: Any, depth: int = 0) -> bool:  # noqa: ANN401 - any JSON
    """Whether every object of a schema closes itself and requires all its properties, as strict mode asks.

    Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas (read 2026-11-28).
    """
    if isinstance(schema, list):
        return all(takes_strict(item, depth) for item in schema)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return True
    properties = schema.get("properties")
    if isinstance(properties, dict):
        required = schema.get("required")
        whole = isinstance(required, list) and set(properties) <= set(map(str, required))
        if schema.get("additionalProperties") is not False or not whole:
            return False
    named = [value for key in _BY_NAME for value in objects_at(schema, key).values()]
    return takes_strict([*named, *(schema[key] for key in _SUBSCHEMAS if key in schema)], depth + 1)


def sound_attempt(case: Case) -> SoundAttempt | None:
    """A request with nothing wrong in itself."""
    result = case.view(attempt)
    if result is None or case.dialect is None or case.view(request_fault) is not None:
        return None
    request, dialect = case.exchange.request, case.dialect.name
    doubtful = refusable(dialect, request.json, case.view(off_schema)) if result.refusal is not None else frozenset()
    return SoundAttempt(result, request.json, dialect, doubtful)


def format_attempt(case: Case) -> Attempt | None:
    """A request with a JSON response_format that a server may not refuse: a strict schema keeps to what strict mode takes.

    json_object needs the word JSON in the messages (https://platform.openai.com/docs/guides/structured-outputs#json-mode, read 2026-11-29).
    A refused json_schema that brings no schema at its place (`json_schema.schema`) was asked for nothing.
    """
    result = case.view(attempt)
    if result is None or not result.asked.wants_json:
        return None
    if result.refusal is not None:
        request = case.exchange.request
        unnamed = "json" not in result.asked.prompt.lower() and _ASKS_FOR_THE_WORD.search(result.refusal.message)
        empty = result.asked.response_format == "json_schema" and not isinstance(result.asked.response_schema, dict)
        if (
            unnamed
            or empty
            or (case.dialect and "response_format" in refusable(case.dialect.name, request.json, case.view(off_schema)))
        ):
            return None
    strict = strictness(case.exchange.request.json)
    return None if strict and not takes_strict(result.asked.response_schema) else result


def tool_attempt(case: Case) -> Attempt | None:
    """A request that offered tools."""
    result = case.view(attempt)
    return result if result is not None and result.asked.tools else None


def choice_attempt(case: Case) -> Attempt | None:
    """A request with tools and a well-formed tool_choice: none, a documented word, or the name of a declared function."""
    result = case.view(tool_attempt)
    if result is None:
        return None
    named = result.asked.tool_mode == "named"
    return None if named and result.asked.tool_name not in result.asked.tools else result


@dataclass(frozen=True)
class HistoryAttempt:
    """A request with an assistant turn as providers return them: with fields of their own, or with null content."""

    attempt: Attempt
    own_fields: bool
    answers: frozenset[int]  # the places of the turns that a provider wrote

    @property
    def blames_history(self) -> bool:
        """Whether the refusal names such a turn rather than something else in the request."""
        said = self.attempt.said
        named = {int(place) for place in _PLACES.findall(said)}
        if named and not named & self.answers and not _NAMES_AN_ANSWER.search(said):
            return False
        if not self.own_fields:
            return _BLAMES_NULL.search(said) is not None
        return _BLAMES_HISTORY.search(said) is not None and _NOT_TAKEN.search(said) is not None


def history_attempt(case: Case) -> HistoryAttempt | None:
    """A request whose history holds an assistant turn with fields that providers add, or with tool calls and null content."""
    result = case.view(attempt)
    body = case.exchange.request.json
    history = body.get("messages") or body.get("input")
    turns = [turn for turn in history if isinstance(turn, dict)] if isinstance(history, list) else []
    if result is None:
        return None
    answers = [turn for turn in turns if _is_answer(turn)]
    own = any(_OWN_FIELDS & turn.keys() or turn.get("type") == "reasoning" for turn in answers)
    null = any(turn.get("tool_calls") and turn.get("content", "") is None for turn in answers)
    places = frozenset(
        place
        for place, turn in enumerate(history if isinstance(history, list) else ())
        if isinstance(turn, dict) and _is_answer(turn)
    )
    return HistoryAttempt(result, own, places) if own or null else None


def _is_answer(turn: dict[str, Any]) -> bool:
    return turn.get("role") == "assistant" or turn.get("type") == "reasoning"
