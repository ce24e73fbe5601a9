"""Views of requests whose tools or history are legal by the API's own schema: whether a refusal blames them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.views.block_history import keeps_order
from conformance.rules.views.chat import request_is_known, requested
from conformance.rules.views.errors import Failure, failure
from conformance.rules.views.internals import holds_broken_arguments
from conformance.rules.views.invalid_requests import request_fault
from conformance.rules.views.refusals import history_attempt
from conformance.schemas.carried import problem_of_schema
from conformance.wire.dialects.ask import Call, Image, Other, Result
from conformance.wire.dialects.reading import mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from conformance.wire.case import Case

#: Classes of the taxonomy that say nothing against the form of what was sent.
_OF_ANOTHER_CAUSE: Final = frozenset(
    {
        *(
            "context_too_long",
            "request_too_large",
            "moderated",
            "unsupported_feature",
            "unknown_model",
            "retired_model",
            "not_found",
        ),
        *(
            "bad_key",
            "no_key",
            "no_permission",
            "rate_limited",
            "quota_exhausted",
            "no_credit",
            "spend_cap",
            "overloaded",
            "capacity",
        ),
        *("loading", "queue_full", "invalid_output", "edge_error", "timeout"),
    }
)
_FORM_REFUSED: Final = frozenset({400, 422, 500})
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Where a refusal that is about tools says so.
_TOOLS: Final = re.compile(
    r"tools?\s?[.\[(]\s?\d|function_?declarations?|functions?\[\d|json[ _-]?schema|\bschemas?\b|\$ref\b|\bgrammar\b"
    r"|tool (?:definition|parameters|input)|parameters?\.propert|\u5de5\u5177.{0,8}(?:\u53c2\u6570|schema)|\u51fd\u6570.{0,8}\u53c2\u6570",
    re.IGNORECASE,
)
#: Keywords of JSON Schema that are no everyday words: one that the request uses and the refusal names is blamed.
_KEYWORDS: Final = frozenset(
    {
        *(
            "$defs",
            "$ref",
            "$schema",
            "additionalProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "const",
            "dependentRequired",
            "enum",
        ),
        *(
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maxItems",
            "maxLength",
            "maximum",
            "minItems",
            "minLength",
            "minimum",
        ),
        *(
            "multipleOf",
            "pattern",
            "patternProperties",
            "prefixItems",
            "propertyNames",
            "uniqueItems",
            "unevaluatedProperties",
        ),
    }
)
#: Where a refusal that is about the history says so, and what it has against it. Words for a message stand in nine languages.
_HISTORY: Final = re.compile(
    r"\bmessages?\b|\binput\[\d+\]|content block|\bconversation\b|\broles?\b|\bhistory\b|\bturns?\b"
    r"|reasoning_content|thought_?signature|\bfunctionCall parts"
    r"|\bmensajes?\b|\bNachricht(?:en)?\b|\bmensage(?:m|ns)\b|\bmessagg(?:io|i)\b|\u0441\u043e\u043e\u0431\u0449\u0435\u043d"
    r"|\u6d88\u606f|\u5bf9\u8bdd|\u89d2\u8272|\u30e1\u30c3\u30bb\u30fc\u30b8|\uba54\uc2dc\uc9c0",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(
    r"missing|requir|must|expect|should|not (?:permitted|allowed|supported|valid|one of)|unexpected|unrecogni[sz]ed|unknown"
    r"|unsupported|invalid|forbidden|cannot|can only|\bonly\b|manqu|\bdoit\b|fehlt|muss|obligatori|\bdeb[ei]|\bdeve\b"
    r"|\u7f3a\u5c11|\u4e0d\u80fd|\u5fc5\u987b|\u9519\u8bef|\u4e0d\u652f\u6301|\u4e0d\u5408\u6cd5|\u5fc5\u8981"
    r"|\u0434\u043e\u043b\u0436|\u5fc5\u9808|\ud544\uc694",
    re.IGNORECASE,
)
_DEEPEST: Final = 40
#: Members of messages that the protocol of thinking blocks does not have: a refusal that misses one speaks of another protocol.
_FOREIGN: Final = re.compile(
    r"\b(?:reasoning_content|tool_calls?|tool_call_id)\b.{0,30}\b(?:missing|required|must)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class LegalRequest:
    """A request with legal tools or a legal history: its refusal where there is one, and whether the refusal blames them."""

    refusal: Failure | None
    blamed: bool

    @property
    def short(self) -> str:
        """The refusal as a finding quotes it."""
        return f"refused with {self.refusal.status}: {self.refusal.message[:120]!r}" if self.refusal else "answered"


def legal_tools(case: Case) -> LegalRequest | None:
    """A request whose tools all have a legal name and parameters that are valid JSON Schema, none of them strict."""
    tools = case.asked.tools
    if not tools or not request_is_known(case) or not all(_NAME.fullmatch(name) for name in tools):
        return None
    if any(map(_is_strict, _tool_objects(case.exchange.request.json))) or not all(
        map(_is_object_schema, tools.values())
    ):
        return None
    words = _keywords(list(tools.values()))
    refusal = _refusal(case, words)
    if refusal is None:
        return LegalRequest(None, blamed=False) if case.view(requested) is not None else None
    if "tool" in str(refusal.error.get("param")):
        return LegalRequest(refusal, blamed=False)
    text = f"{refusal.message} {refusal.body.text[:2000] if refusal.body.value is None else ''}"
    speaks_of_tools = _TOOLS.search(text) is not None or any(_names(text, word) for word in words)
    elsewhere = case.asked.response_format == "json_schema" and not re.search(r"tool|function", text, re.IGNORECASE)
    return LegalRequest(refusal, blamed=speaks_of_tools and not elsewhere)


def legal_history(case: Case) -> LegalRequest | None:
    """A request that its schema allows, with turns of an assistant or of tools, each call followed by its result and of JSON arguments."""
    if not _has_legal_history(case):
        return None
    refusal, returned = _refusal(case), case.view(history_attempt)
    if refusal is None:
        return LegalRequest(None, blamed=False) if case.view(requested) is not None else None
    text, param = refusal.message, refusal.error.get("param")
    of_another = isinstance(param, str) and param and not param.startswith(("messages", "input"))
    if of_another or (returned is not None and returned.blames_history):  # reasoning.roundtrip_accepted tells it
        return LegalRequest(refusal, blamed=False)
    if _has_order(case) and mapping(case.exchange.request.json, "thinking").get("type") not in {None, "disabled"}:
        # a model that thinks may ask for its thoughts back: for the blocks of its protocol
        return LegalRequest(refusal, blamed=_FOREIGN.search(text) is not None)
    return LegalRequest(refusal, blamed=_HISTORY.search(text) is not None and _AGAINST.search(text) is not None)


def _has_legal_history(case: Case) -> bool:
    turns = case.asked.turns
    if not request_is_known(case) or not any(turn.role in {"assistant", "tool"} for turn in turns):
        return False
    parts = [part for turn in turns for part in turn.parts]
    calls, results = ({part.id for part in parts if isinstance(part, kind)} for kind in (Call, Result))
    if calls != results or any(isinstance(part, Image | Other) for part in parts):
        return False
    if holds_broken_arguments(case.exchange.request.json):
        return False
    if _has_order(case) and not keeps_order(turns):
        return False
    return case.dialect is not None and case.view(request_fault) is None


def _has_order(case: Case) -> bool:
    return case.dialect is not None and case.dialect.vocabulary.ordered_turns


def _refusal(case: Case, keywords: Collection[str] = ()) -> Failure | None:
    """A refusal of the request's form; a keyword of its schemas is form, even where it is said to be a feature."""
    result = case.view(failure)
    if result is None or result.status not in _FORM_REFUSED:
        return None
    of_form = result.kind.id == "unsupported_feature" and any(_names(result.message, word) for word in keywords)
    return result if of_form or result.kind.id not in _OF_ANOTHER_CAUSE else None


def _tool_objects(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tools = body.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict):
            yield tool


def _is_strict(tool: dict[str, Any]) -> bool:
    function = tool.get("function")
    return bool(tool.get("strict") or (function.get("strict") if isinstance(function, dict) else None))


def _is_object_schema(schema: Any) -> bool:  # noqa: ANN401 - any JSON
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        return False
    return problem_of_schema(schema) is None


def _keywords(value: Any, depth: int = 0) -> set[str]:  # noqa: ANN401 - any JSON
    """Return the uncommon keywords that a schema uses."""
    if depth > _DEEPEST or not isinstance(value, dict | list):
        return set()
    items = value.values() if isinstance(value, dict) else value
    words = set(value) & _KEYWORDS if isinstance(value, dict) else set()
    return words.union(*(_keywords(item, depth + 1) for item in items))


def _names(text: str, keyword: str) -> bool:
    """Whether a text names a keyword: in quotes, or as the one word that it is."""
    quoted = re.search(rf"[`'\"]{re.escape(keyword)}[`'\"]", text) is not None
    return quoted or (any(char.isupper() or char == "$" for char in keyword) and keyword in text)
