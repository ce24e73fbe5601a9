"""Odd request bodies, drawn by hypothesis from schemas/openai-chat/request.json: each departs from it in one way.

Nothing that asks imports this module: probes are drawn once and stored, so that a run needs no hypothesis and keeps to its plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import strategies as st

from conformance.rules.views.unusual_requests import oddity_of_body
from conformance.schemas import load_schema
from conformance.wire.sentinels import NO_SUCH_PARAMETER

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Its request schema is drawn from.
_DIALECT: Final = "openai-chat"
HELLO: Final = [{"role": "user", "content": "Say hello."}]
#: Members that are not made odd: the model is the target's, a stream is decoded otherwise, and a limit bounds what an answer costs.
_LEFT_ALONE: Final = frozenset({"model", "stream", "messages", "max_tokens", "max_completion_tokens"})
_TYPES: Final = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
_WORDS: Final = {
    "boolean": "a truth value",
    "integer": "a number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
#: Text that is legal in JSON and YAML and that text processing stumbles over. YAML holds no lone surrogate.
_ODD_TEXT: Final = {
    "\0": "a null character",
    "\x1b[31m": "a terminal's escape sequence",
    "\x7f": "a delete character",
    "\ufdd0": "a noncharacter",
    "\uffff": "the last character of its plane, which is none",
}
_EXTREMES: Final = {
    -1: "minus one",
    2**31: "two to the 31st",
    2**63: "two to the 63rd",
    -(2**63) - 1: "less than 64 bits hold",
    10**30: "a one with thirty zeros",
    1.5: "one and a half",
    1e308: "nearly the largest number",
    -1e308: "nearly the least number",
    5e-324: "nearly nothing",
}


class OddBody(NamedTuple):
    """A body, what part of the request it makes odd, and in one clause what is odd."""

    body: dict[str, Any]
    part: str
    does: str


def odd_bodies() -> st.SearchStrategy[OddBody]:
    """Return a strategy of requests that are odd in one way: type, range, name, text, turn or depth."""
    drawn = st.one_of(_wrong_types(), _extremes(), _odd_turns(), _odd_texts(), _unknown_members(), _deep())
    return drawn.filter(lambda odd: oddity_of_body({"model": "m", **odd.body}, _DIALECT) is not None)


def _properties() -> dict[str, Any]:
    return {
        name: part for name, part in load_schema(f"{_DIALECT}/request")["properties"].items() if name not in _LEFT_ALONE
    }


def _types_of(part: Mapping[str, Any]) -> frozenset[str]:
    own = part.get("type", [])
    inner = (each for option in part.get("anyOf", ()) for each in _types_of(option))
    return frozenset([own] if isinstance(own, str) else own) | frozenset(inner)


def _wrong_types() -> st.SearchStrategy[OddBody]:
    values = st.sampled_from([True, 7, 0.5, "seven", [], ["seven"], [[]], {}, {"seven": 7}])
    return (
        st.tuples(st.sampled_from(sorted(_properties())), values)
        .filter(lambda each: _is_wrong(*each))
        .map(lambda each: _typed(*each))
    )


def _is_wrong(name: str, value: Any) -> bool:  # noqa: ANN401 - any JSON
    taken = _types_of(_properties()[name])
    kind = _TYPES[type(value)]
    return kind not in taken and not (kind == "integer" and "number" in taken)


def _typed(name: str, value: Any) -> OddBody:  # noqa: ANN401 - any JSON
    wanted = sorted({_WORDS[each] for each in _types_of(_properties()[name]) if each != "null"})
    holding = " with something in it" if isinstance(value, list | dict) and value else ""
    does = f"sends {_WORDS[_TYPES[type(value)]]}{holding} where {name} is {' or '.join(wanted)}"
    return OddBody({name: value, "messages": HELLO}, name, does)


def _extremes() -> st.SearchStrategy[OddBody]:
    numeric = sorted(name for name, part in _properties().items() if {"integer", "number"} & _types_of(part))
    return (
        st.tuples(st.sampled_from(numeric), st.sampled_from(sorted(_EXTREMES)))
        .filter(lambda each: _is_cheap(*each))
        .map(
            lambda each: OddBody(
                {each[0]: each[1], "messages": HELLO}, each[0], f"sends {_EXTREMES[each[1]]} as {each[0]}"
            )
        )
    )


def _is_cheap(name: str, value: float) -> bool:
    """Whether an answer to it costs little, should a server take it."""
    return name != "n" or value < 1 or isinstance(value, float)


def _odd_turns() -> st.SearchStrategy[OddBody]:
    turns: dict[str, Any] = {
        "a turn without a role": {"content": "Say hello."},
        "a turn that is a text": "Say hello.",
        "a turn that is null": None,
        "a turn that is a list": [],
        "an empty turn": {},
        "a turn whose content is an object": {"role": "user", "content": {"text": "Say hello."}},
        "a turn whose content is a list of texts": {"role": "user", "content": ["Say hello."]},
        "a content part without a type": {"role": "user", "content": [{"text": "Say hello."}]},
        "tool calls that are a text": {"role": "assistant", "content": None, "tool_calls": "hello"},
        "a role that is a number": {"role": 7, "content": "Say hello."},
    }
    return st.sampled_from(sorted(turns)).flatmap(
        lambda does: st.sampled_from(["alone", "after a good one", "before a good one"]).map(
            lambda place: OddBody({"messages": _placed(turns[does], place)}, "messages", f"sends {does}, {place}")
        )
    )


def _placed(turn: object, place: str) -> list[Any]:
    return {"alone": [turn], "after a good one": [*HELLO, turn], "before a good one": [turn, *HELLO]}[place]


def _odd_texts() -> st.SearchStrategy[OddBody]:
    places = ["a member's name", "a stop string", "the prompt", "the user's name"]
    return st.tuples(st.sampled_from(places), st.sampled_from(sorted(_ODD_TEXT))).map(
        lambda each: OddBody(_with_text(*each), "text", f"sends {_ODD_TEXT[each[1]]} in {each[0]}")
    )


def _with_text(place: str, text: str) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "the prompt": {"messages": [{"role": "user", "content": f"Say hello. {text}"}]},
        "a stop string": {"stop": [f"x{text}"], "messages": HELLO},
        "the user's name": {"user": f"u{text}", "messages": HELLO},
        "a member's name": {f"{NO_SUCH_PARAMETER}{text}": True, "messages": HELLO},
    }
    return bodies[place]


def _unknown_members() -> st.SearchStrategy[OddBody]:
    values = {
        "true": True,
        "null": None,
        "a list": [1, "two", None],
        "an object": {"a": {"b": [0]}},
        "a long text": "so long " * 500,
    }
    return st.sampled_from(sorted(values)).map(
        lambda word: OddBody(
            {NO_SUCH_PARAMETER: values[word], "messages": HELLO},
            "unknown",
            f"sends a parameter that nobody takes, holding {word}",
        )
    )


def _deep() -> st.SearchStrategy[OddBody]:
    places = ("stop", "logit_bias", "metadata", "response_format", NO_SUCH_PARAMETER)
    return st.tuples(st.sampled_from(places), st.sampled_from([70, 130, 200]), st.booleans()).map(
        lambda each: _nested(*each)
    )


def _nested(name: str, levels: int, as_objects: bool) -> OddBody:  # noqa: FBT001 - drawn
    value: Any = 1
    for _ in range(levels):
        value = {"a": value} if as_objects else [value]
    kind = "objects" if as_objects else "lists"
    return OddBody({name: value, "messages": HELLO}, "depth", f"sends {levels} {kind} in one another as {name}")
