"""A provider's refusal in its own words: the templates of `[[refusal]]`, filled in for the value at fault.

A message holds `{param}` (`messages[2].name`), `{dotted}` (`messages.2.assistant.name`), `{plain}` (`messages.2.name`), `{parent}`
(`messages.2`), `{root}` (`messages[2]`), `{place}` (`messages[2]: `, empty for a member of the body), `{index}` (2), `{name}` of the
member, `{holder}` (the name of the function or schema around it), `{role}`, `{model}`, `{value}` as JSON, `{text}` of the value,
`{length}`, `{got}` (`an array`), `{serde}` (`sequence`), `{expected}` (`one of a string or array of objects`), `{wanted}` (the bound or
word that is not met), `{listed}` (`'a', 'b', and 'c'`) and `{problem}`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.mind.completion import Refusal
from conformance.schemas.request_schema import param_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.providers.refused_requests import RefusedRequest
    from conformance.schemas.request_schema import Path, RequestProblem


@dataclass(frozen=True)
class Site:
    """A value at fault.

    Attributes:
        path: the steps to it.
        value: the value; None where it is missing.
        problem: the words that a message needs about it.
        departure: from the dialect's schema; None: the provider's own check found it.
        wanted: the bound, the word or the list that is not met.
    """

    path: Path
    value: Any
    problem: str = ""
    departure: RequestProblem | None = None
    wanted: Any = None


_PLACEHOLDER: Final = re.compile(r"\{([a-z]+)\}")
#: JSON types as messages name them, with their article: a schema's number may have a fraction.
_ARTICLES: Final = {
    "string": "a string",
    "number": "a decimal",
    "integer": "an integer",
    "boolean": "a boolean",
    "object": "an object",
}


def worded(entry: RefusedRequest, site: Site, body: Mapping[str, Any], model: str) -> Refusal:
    """Return the refusal of one value, `detail` being an entry of the list where the answer lists what is wrong."""
    words = _words(site, body, model)
    message, param = _filled(entry.message, words), _filled(entry.case.param or "", words)
    detail: object = None
    if entry.detail:
        loc = ["body", *_withrole_of(site.path, role_of(site.path, body))]
        shown = _parent(site.path, body) if _missing(site) else site.value
        detail = {"type": entry.detail, "loc": loc, "msg": message, "input": shown}
    more = {name: _filled(value, words) if isinstance(value, str) else value for name, value in entry.more.items()}
    return Refusal(entry.case.when, message, param or None, entry.case, detail, more)


def combined(entry: RefusedRequest, refusals: Sequence[Refusal]) -> Refusal:
    """Return one refusal of several values: all of them where the answer lists or joins them, else the first."""
    first = refusals[0]
    if entry.detail:
        return replace(first, detail={"detail": [refusal.detail for refusal in refusals]})
    if entry.joined:
        return replace(first, message=entry.joined.join(refusal.message for refusal in refusals))
    return first


def _words(site: Site, body: Mapping[str, Any], model: str) -> dict[str, str]:
    path, value = site.path, site.value
    steps = [str(step) for step in path]
    role = role_of(path, body)
    wanted = site.wanted if site.departure is None else site.departure.wanted
    declared = () if site.departure is None else site.departure.declared
    return {
        "param": param_of(path),
        "dotted": ".".join(map(str, _withrole_of(path, role))),
        "plain": ".".join(steps),
        "parent": ".".join(steps[:-1]),
        "root": param_of(path[:2]),
        "place": f"{param_of(path[:2])}: " if len(path) > 1 else "",
        "index": next((step for step in steps if step.isdigit()), ""),
        "name": steps[-1] if steps else "",
        "holder": _holder(path, body),
        "role": role,
        "model": model,
        "text": str(value),
        "value": json.dumps(value, ensure_ascii=False),
        "length": str(len(value)) if isinstance(value, list | str | dict) else "",
        "got": _got(value),
        "serde": _serde(value),
        "expected": _expected(declared),
        "wanted": wanted if isinstance(wanted, str) else json.dumps(wanted, ensure_ascii=False),
        "listed": _listed(wanted) if isinstance(wanted, list) else "",
        "problem": site.problem,
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), template)


def _missing(site: Site) -> bool:
    return site.departure is not None and site.departure.keyword == "required"


def _parent(path: Path, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the value that a path's last step stands in."""
    value: Any = body
    for step in path[:-1]:
        value = value[step]
    return value


def role_of(path: Path, body: Mapping[str, Any]) -> str:
    """Return the role of the message that a path leads into; empty where it leads into none."""
    value: Any = body
    for step in path[:2]:
        inside = isinstance(value, dict) and step in value
        indexed = isinstance(value, list) and isinstance(step, int) and step < len(value)
        value = value[step] if inside or indexed else None
    return str(value.get("role", "")) if isinstance(value, dict) and len(path) > 1 else ""


def _withrole_of(path: Path, role: str) -> list[str | int]:
    """Return a path's steps, with the role after the message's index."""
    return [*path[:2], role, *path[2:]] if role and len(path) > 1 else list(path)


def _holder(path: Path, body: Mapping[str, Any]) -> str:
    """Return the name of the innermost object around a value that has one."""
    value: Any = body
    name = ""
    for step in path:
        inside = isinstance(value, dict) and step in value
        indexed = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not inside and not indexed:
            break
        value = value[step]
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            name = value["name"]
    return name


def _got(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    if isinstance(value, bool):
        return "a boolean"
    named = {str: "a string", int: "an integer", float: "a decimal number", list: "an array", dict: "an object"}
    return named.get(type(value), "null")


def _serde(value: object) -> str:
    """Return a value as Rust's serde names it: `sequence`, `map`, `string "a"`, `integer `1``."""
    if isinstance(value, bool):
        return f"boolean `{json.dumps(value)}`"
    if isinstance(value, int | float):
        return f"{'integer' if isinstance(value, int) else 'floating point'} `{value}`"
    if isinstance(value, str):
        return f"string {json.dumps(value, ensure_ascii=False)}"
    return "sequence" if isinstance(value, list) else "map" if isinstance(value, dict) else "null"


def _expected(declared: Sequence[str]) -> str:
    """Return the types that a schema has for a value: `a string`, or `one of a string or array of objects`."""
    named = [_ARTICLES.get(kind, f"an {kind}") for kind in declared]
    if len(named) < 2:  # noqa: PLR2004 - one needs no choice
        return "".join(named)
    bare = [words.removeprefix("an ") if place else words for place, words in enumerate(named)]
    return f"one of {' or '.join(bare)}"


def _listed(words: Sequence[object]) -> str:
    """Return words as a sentence lists them: `'a', 'b', and 'c'`."""
    quoted = [f"'{word}'" for word in words]
    if len(quoted) < 3:  # noqa: PLR2004 - two need no comma
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
