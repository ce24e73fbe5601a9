"""Requests that are refused because they depart from their dialect's schema, `schemas/<dialect>/request.json`.

The words of the messages are our own; a provider's own stand in its TOML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.mind.completion import Refusal
from conformance.emulator.own_checks import refusal_by_keyword
from conformance.schemas import load_schema
from conformance.schemas.request_schema import RequestProblem, has_request_schema, param_of, request_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.providers import Target

_KINDS: Final = {
    "boolean": "a boolean",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "array": "an array",
    "object": "an object",
}


def refuse(body: Mapping[str, Any], target: Target, path: str = "") -> Refusal | None:
    """Return why a request is refused, the first reason in the order of its schema; None where it is sound.

    The model is looked up once the members before it in the schema are sound.
    """
    problems: list[RequestProblem] = []
    before: list[str] = []
    if has_request_schema(target.dialect):
        needless = target.provider.params.needless
        listed = request_problems(target.dialect, body, path)
        problems += [item for item in listed if item.keyword != "x-needs" or item.param not in needless]
        members = list(load_schema(f"{target.dialect}/request")["properties"])
        before += members[: members.index("model") + 1] if "model" in members else []
    early = next((problem for problem in problems if problem.path[:1] and problem.path[0] in before), None)
    if early is not None:
        return refusal_by_keyword(early, body, target) or refusal_of(early)
    model = body.get("model", target.model)
    if model != target.model and model not in target.provider.models:
        return Refusal("unknown_model", f"The model '{model}' does not exist, or this key may not use it.", "model")
    return refusal_by_keyword(problems[0], body, target) or refusal_of(problems[0]) if problems else None


def refusal_of(problem: RequestProblem) -> Refusal:
    """Return the refusal of a request with a problem, in words of our own."""
    when = "invalid_request" if problem.keyword == "x-answers" else "bad_parameter"
    return Refusal(when, _WORDS.get(problem.keyword, _as_documented)(problem), problem.param)


def _as_documented(problem: RequestProblem) -> str:
    return f"'{problem.param}' is not as documented."


def _missing(problem: RequestProblem) -> str:
    return "The request names no model." if problem.param == "model" else f"'{problem.param}' is missing."


def _mistyped(problem: RequestProblem) -> str:
    types = [problem.wanted] if isinstance(problem.wanted, str) else list(problem.wanted)
    kinds = " or ".join(_KINDS[name] for name in types if name != "null")
    return f"'{problem.param}' must be {kinds}, but is {_kind(problem.value)}."


def _unlisted(problem: RequestProblem) -> str:
    listed = ", ".join(str(word) for word in problem.wanted)
    return f"'{problem.param}' is {problem.value!r}; it must be one of {listed}."


def _needing(problem: RequestProblem) -> str:
    return f"'{problem.param}' goes with {problem.wanted} only."


def _one_of(problem: RequestProblem) -> str:
    name = str(problem.path[-1])
    return name.removesuffix("s") if name.endswith("s") else "item"


_WORDS: Final[Mapping[str, Callable[[RequestProblem], str]]] = {
    "required": _missing,
    "type": _mistyped,
    "enum": _unlisted,
    "minimum": lambda problem: f"'{problem.param}' is {problem.value}; the least value is {problem.wanted}.",
    "maximum": lambda problem: f"'{problem.param}' is {problem.value}; the greatest value is {problem.wanted}.",
    "minLength": lambda problem: (
        "The request names no model." if problem.param == "model" else f"'{problem.param}' is empty."
    ),
    "minItems": lambda problem: f"'{problem.param}' is empty; at least one {_one_of(problem)} is needed.",
    "maxItems": lambda problem: f"'{problem.param}' has {len(problem.value)} items; the most is {problem.wanted}.",
    "pattern": lambda problem: f"'{problem.param}' must have 1 to 64 letters, digits, underscores and hyphens.",
    "x-needs": _needing,
    "x-names": lambda problem: f"'{problem.param}' names '{problem.value}', which is not among the {problem.wanted}.",
    "x-answers": lambda problem: f"'{param_of(problem.path[:-1])}' answers no tool call of an earlier message.",
    "x-text": lambda problem: f"'{problem.param}' must be a string or an array of parts.",
    "x-json-schema": lambda problem: f"'{problem.param}' is no JSON Schema: {problem.wanted}.",
}


def _kind(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    if isinstance(value, bool):
        return "a boolean"
    named = {str: "a string", int: "an integer", float: "a number", list: "an array", dict: "an object"}
    return named.get(type(value), "null")
