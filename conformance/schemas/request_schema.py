"""A request held against its dialect's schema, `schemas/<dialect>/request.json`: the one table of what an API takes.

JSON Schema states types, ranges and words. These keywords state the rest, as data of the schema:

- `x-lenient`: the keywords of this subschema that some hosts document otherwise (`required/NAME` for one member).
- `x-in-path`: parts of URL paths, each of which names this member in place of the body (a deployment, an agent).
- `x-needs`: members that go with another one only.
- `x-common`: what every host takes of a member's values: one may refuse the others (see `refusable`).
- `x-above`: numbers that a host may ask to be greater than another one, by its path (see `refusable`).
- `x-names`: a choice may name what the member of that name declares, and nothing else.
- `x-answers`: each message of a role answers a call of an earlier message.
- `x-text`: a message needs text in a member, unless the message is of that role and has one of the listed members.
- `x-json-schema`: the value is a JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from conformance.schemas import load_schema, resolve, schema_names
from conformance.schemas.carried import problem_of_schema
from conformance.schemas.validators import exact, exact_part, matches, quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class RequestProblem:
    """One departure of a request from its API.

    Attributes:
        path: the steps to the value at fault.
        keyword: of the schema, that the value does not meet.
        value: the value at fault; None where it is missing.
        wanted: the keyword's own value.
        lenient: some hosts document such a request as good.
        declared: the JSON types that the schema has for the value: `string`, `array of objects`; empty where it states none.
    """

    path: Path
    keyword: str
    value: Any = None
    wanted: Any = None
    lenient: bool = False
    declared: tuple[str, ...] = ()

    @property
    def param(self) -> str:
        """The member at fault, as error bodies name it: `messages[0].role`."""
        return param_of(self.path)


def param_of(path: Path) -> str:
    """Return a path as error bodies write it: `messages[0].role`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def has_request_schema(dialect: str) -> bool:
    """Whether there is a schema of a dialect's requests."""
    return _name(dialect) in schema_names(dialect)


def takes(dialect: str, name: str, value: object) -> bool:
    """Whether a value has the documented type and range of a parameter; True where no schema names it."""
    return not has_request_schema(dialect) or _part(_name(dialect), name).is_valid(value)


def optional_members(dialect: str) -> frozenset[str]:
    """Return the documented members of a request that it may leave out; none where there is no schema of it."""
    if not has_request_schema(dialect):
        return frozenset()
    schema = load_schema(_name(dialect))
    return frozenset(schema["properties"]) - frozenset(schema.get("required", ()))


def request_problems(dialect: str, body: Mapping[str, Any], path: str = "") -> Iterator[RequestProblem]:
    """Yield every departure of a request from its API, in the order of the schema's members.

    Args:
        dialect: whose schema it is.
        body: the request's JSON object.
        path: the path of the request's URL: some hosts name a member there.
    """
    name = _name(dialect)
    yield from _in_order(name, [*_by_json_schema(name, body, path), *_by_own_keywords(name, body)])


def schema_problems(dialect: str, body: Mapping[str, Any], path: str = "") -> list[RequestProblem]:
    """Return those of `request_problems` that JSON Schema states by itself."""
    name = _name(dialect)
    return _in_order(name, _by_json_schema(name, body, path))


def _in_order(name: str, problems: Iterable[RequestProblem]) -> list[RequestProblem]:
    members = list(load_schema(name)["properties"])
    return sorted(problems, key=lambda problem: members.index(str(problem.path[0])) if problem.path else -1)


def refusable(dialect: str, body: Mapping[str, Any], stated: Sequence[RequestProblem]) -> frozenset[str]:
    """Return the members of a request that some host may refuse: those with a problem, lenient ones too, or beyond what all take.

    Args:
        dialect: whose schema it is.
        body: the request's JSON object.
        stated: its `schema_problems`.
    """
    if not has_request_schema(dialect):
        return frozenset()
    schema = load_schema(_name(dialect))
    blamed = {str(problem.path[0]) for problem in (*stated, *_by_own_keywords(_name(dialect), body)) if problem.path}
    for member, part in schema["properties"].items():
        if member in body and "x-common" in part and not matches(part["x-common"], body[member]):
            blamed.add(member)
    for rule in schema.get("x-above", ()):
        number, other = body.get(rule["member"]), _at(body, rule["above"])
        if isinstance(number, int | float) and isinstance(other, int | float) and number <= other:
            blamed |= {rule["member"], rule["above"].partition("/")[0]}
    return frozenset(blamed)


def _at(body: Mapping[str, Any], path: str) -> object:
    value: Any = body
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _name(dialect: str) -> str:
    return f"{dialect}/request"


@cache
def _part(name: str, member: str) -> Draft202012Validator:
    return exact_part(load_schema(name)["properties"].get(member, {}))


def _by_json_schema(name: str, body: Mapping[str, Any], path: str) -> Iterator[RequestProblem]:
    try:
        if quick(name).is_valid(body):
            return
    except (ValueError, TypeError, OverflowError):  # lone surrogates and large numbers: the exact one takes them
        pass
    for error in exact(name).iter_errors(body):
        yield from _problem(error, path)


def _problem(error: ValidationError, url_path: str) -> Iterator[RequestProblem]:
    at: Path = tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    lenient = schema.get("x-lenient", ())
    if error.validator == "required":
        # jsonschema reports each missing member by itself, and names it in its message only.
        missing = next(key for key in cast("list[str]", error.validator_value) if error.message.startswith(repr(key)))
        named = schema.get("properties", {}).get(missing, {}).get("x-in-path", ())
        if not any(part in url_path for part in named):
            allowed = "required" in lenient or f"required/{missing}" in lenient
            yield RequestProblem((*at, missing), "required", None, True, allowed)  # noqa: FBT003 - the keyword's value
        return
    keyword = str(error.validator)
    yield RequestProblem(at, keyword, error.instance, error.validator_value, keyword in lenient, _declared(schema))


def _declared(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types that a subschema states, null left out."""
    stated = schema.get("type", ())
    names = [stated] if isinstance(stated, str) else list(stated)
    items = schema.get("items")
    inner = {**resolve(items["$ref"]), **items} if isinstance(items, dict) and "$ref" in items else items
    of = f" of {inner['type']}s" if isinstance(inner, dict) and isinstance(inner.get("type"), str) else ""
    return tuple(f"array{of}" if name == "array" else name for name in names if name != "null")


def _by_own_keywords(name: str, body: Mapping[str, Any]) -> Iterator[RequestProblem]:
    schema = load_schema(name)
    for rule in schema.get("x-needs", ()):
        value = body.get(rule["member"])
        if value and value not in rule.get("except", ()) and not body.get(rule["needs"]):
            yield RequestProblem((rule["member"],), "x-needs", value, rule["needs"], lenient=True)
    yield from _walk(schema, body, (), body)


def _walk(schema: Any, value: Any, at: Path, body: Mapping[str, Any]) -> Iterator[RequestProblem]:  # noqa: ANN401 - any JSON
    """Yield what our own keywords find, wherever a value stands that a subschema speaks of."""
    if "$ref" in schema:
        schema = {**resolve(schema["$ref"]), **schema}
    for keyword, check in _OWN.items():
        if keyword in schema:
            yield from check(_Site(schema[keyword], value, at, body))
    if isinstance(value, dict):
        branch = schema.get("then", {}) if "if" in schema and matches(schema["if"], value) else {}
        for part in (schema, branch):
            for key, inner in part.get("properties", {}).items():
                if key in value:
                    yield from _walk(inner, value[key], (*at, key), body)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for position, item in enumerate(value):
            yield from _walk(schema["items"], item, (*at, position), body)


@dataclass(frozen=True)
class _Site:
    """A value that one of our own keywords speaks of: the keyword's value, the value, its path, and the whole body."""

    wanted: Any
    value: Any
    at: Path
    body: Mapping[str, Any]

    def problem(self, keyword: str, *steps: str | int, value: object = None, wanted: object = None) -> RequestProblem:
        return RequestProblem((*self.at, *steps), keyword, value, wanted or self.wanted, lenient=True)


def _named(site: _Site) -> Iterator[RequestProblem]:
    """A named function is one that the request declares."""
    declared = site.body.get(site.wanted)
    names = [_own_name(tool) for tool in declared if isinstance(tool, dict)] if isinstance(declared, list) else []
    choice = site.value
    if isinstance(choice, dict) and choice.get("type") in ("function", "tool") and _own_name(choice) not in names:
        yield site.problem("x-names", value=_own_name(choice))


def _own_name(tool: Mapping[str, Any]) -> object:
    """Return the name of a function tool, or of a choice: flat, or in its `function`."""
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else tool.get("name")


def _answered(site: _Site) -> Iterator[RequestProblem]:
    """A tool's result follows the message with its call."""
    keys, calls = site.wanted, set[str]()
    for position, turn in enumerate(site.value if isinstance(site.value, list) else ()):
        if not isinstance(turn, dict):
            continue
        listed = turn.get(keys["calls"])
        calls |= {str(call.get(keys["id"])) for call in _objects(listed)}
        if turn.get("role") == keys["role"] and str(turn.get(keys["by"])) not in calls:
            yield site.problem("x-answers", position, keys["by"], value=turn.get(keys["by"]))


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texted(site: _Site) -> Iterator[RequestProblem]:
    """A message has text, unless it is of the kind that needs none."""
    turn, member, unless = site.value, site.wanted["member"], site.wanted["unless"]
    if not isinstance(turn, dict) or turn.get(member) is not None:
        return
    has = any(turn.get(name) or (name == member and name in turn) for name in unless["has"])
    if turn.get("role") != unless["role"] or not has:
        yield site.problem("x-text", member)


def _schemas(site: _Site) -> Iterator[RequestProblem]:
    """A schema that a request carries is one."""
    if not isinstance(site.value, dict):
        return
    problem = problem_of_schema(site.value)
    if problem is not None:
        yield site.problem("x-json-schema", value=site.value, wanted=problem[:120])


_OWN: Final[Mapping[str, Callable[[_Site], Iterator[RequestProblem]]]] = {
    "x-names": _named,
    "x-answers": _answered,
    "x-text": _texted,
    "x-json-schema": _schemas,
}
