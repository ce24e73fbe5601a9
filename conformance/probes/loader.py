"""Probes from YAML: read, held against schemas/probe.json and the ids of the rules, and chosen for a target."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from conformance.errors import UnusableInputError, suggest
from conformance.probes.placeholders import obstacle, overflows
from conformance.probes.probe import OWN_PATH, Probe, Step, hash_of
from conformance.probes.source import Source
from conformance.schemas.validators import exact
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jsonschema.exceptions import ValidationError

    from conformance.probes.source import KeyPath
    from conformance.providers import Target

BUILT_IN = Path(__file__).parent
_REMEDY = "see schemas/probe.json"
_ONE_OF = "a step needs one of ask, body and raw_body, and a GET none"
_ONE_TURN = "an ask has one of text and turns"


def load_probes(*extra: Path, rules: Collection[str] | None = None) -> dict[str, Probe]:
    """Return every probe by name: the built-in ones, and those of each extra file or folder.

    Args:
        extra: files or folders of a user's own probes.
        rules: the ids of the rules that a probe may name, the user's own included; None: whatever it names is taken.

    Raises:
        UnusableInputError: a file cannot be read, is no YAML, does not have the form of schemas/probe.json, takes a name
            twice, or names an unknown rule.
    """
    probes: dict[str, Probe] = {}
    for path in (path for place in (BUILT_IN, *extra) for path in _files(place)):
        for position, probe in enumerate(_shipped(path) if path.parent == BUILT_IN else _read(path)):
            if probe.name in probes:
                what = f"probe {probe.name!r} is already defined in {probes[probe.name].file}"
                where = Source(path).where(("probes", position, "name"))
                raise UnusableInputError(what, where=where, remedy="choose another name")
            for place, rule in enumerate(probe.provokes):
                if rules is not None and not _known(rule, rules):
                    at = Source(path).where(("probes", position, "provokes", place))
                    raise UnusableInputError(
                        f"probe {probe.name!r} provokes an unknown rule {rule!r}",
                        where=at,
                        remedy=suggest(rule, rules, otherwise="`conformance rules` lists them"),
                    )
            probes[probe.name] = probe
    return probes


def _read(path: Path) -> tuple[Probe, ...]:
    """Return the probes of one file.

    Raises:
        UnusableInputError: it cannot be read, is no YAML, or does not have the form of schemas/probe.json.
    """
    source = Source(path)
    _validate(source)
    for position, entry in enumerate(source.value["probes"]):
        _refuse_bound(entry, source, position)
    return tuple(_probe(entry, path) for entry in source.value["probes"])


# Half a second, which a process spends once: nobody edits the built-in ones while it runs.
_shipped = cache(_read)


def probes_for(target: Target, probes: Mapping[str, Probe]) -> tuple[list[Probe], dict[str, str]]:
    """Return the probes that a target can be asked, and for each other one the reason why it is not."""
    reasons = {name: reason for name, probe in probes.items() if (reason := _reason(target, probe)) is not None}
    return [probe for name, probe in probes.items() if name not in reasons], reasons


def _reason(target: Target, probe: Probe) -> str | None:
    unsayable = probe.unsayable(target.dialect)
    if unsayable is not None:
        return f"{unsayable}, and {target.id} is tested in {target.dialect}" if probe.dialect else unsayable
    elsewhere = next((step.path for step in probe.steps if probe.dialect and OWN_PATH not in step.path), None)
    if target.hosting is not None and elsewhere is not None:
        return f"asks at {elsewhere}, which {target.id} does not serve: its host has paths of its own"
    silent = next((entry for entry in probe.provokes if entry.partition(".")[0] in target.silent_on), None)
    if silent is not None:
        return f"provokes {silent}, which tells of the model behind {target.id} and not of the gateway"
    for capability in probe.needs:
        if capability not in target.capabilities:
            return f"needs the capability {capability}, which {target.id} does not have"
    refused = sorted(probe.parameters(target.dialect) & target.unsupported_params)
    if refused:
        return f"sends {' and '.join(refused)}, which {target.id} does not take"
    return obstacle(target) if any(overflows(step.ask or step.body) for step in probe.steps) else None


def _probe(entry: Mapping[str, Any], path: Path) -> Probe:
    dialect = entry.get("dialect")
    steps = tuple(Step(**_method(step), **step, dialect=dialect or DEFAULT_DIALECT) for step in entry["steps"])
    return Probe(
        name=entry["name"],
        does=entry["does"],
        dialect=dialect,
        needs=tuple(entry.get("needs", ())),
        provokes=tuple(entry["provokes"]),
        steps=steps,
        file=path,
        keyword=entry.get("keyword"),
        expects=entry.get("expects"),
        hash=hash_of(dialect, steps),
    )


def _method(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return the method of an `ask` that lists: a GET in every dialect."""
    return {"method": "GET"} if step.get("ask", {}).get("operation", "chat") != "chat" else {}


def _refuse_bound(entry: Mapping[str, Any], source: Source, position: int) -> None:
    """Refuse two mistakes that the schema cannot see: a body without a dialect, and a placeholder behind the turns that it must precede."""
    for number, step in enumerate(entry["steps"]):
        at = ("probes", position, "steps", number)
        written = next((name for name in ("body", "raw_body") if name in step), None)
        if written is not None and "dialect" not in entry:
            what = f"probe {entry['name']!r} has a {written} and no dialect"
            raise UnusableInputError(
                what, where=source.where((*at, written)), remedy="add the dialect, or write an ask"
            )
        turns = step.get("ask", {}).get("turns", ())
        carried = [place for place, turn in enumerate(turns) if any(key.startswith("$") for key in turn)]
        if carried and carried != list(range(len(carried))):
            where = source.where((*at, "ask", "turns", carried[-1]))
            raise UnusableInputError(
                "a placeholder stands behind a turn", where=where, remedy="put it before the turns"
            )


def _known(rule: str, rules: Collection[str]) -> bool:
    subject = rule.removesuffix(".*")
    return rule in rules or (rule != subject and any(known.startswith(f"{subject}.") for known in rules))


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    paths = sorted((*place.glob("*.yaml"), *place.glob("*.yml"))) if place.is_dir() else []
    if not paths:
        raise UnusableInputError("no probe YAML there", where=place, remedy="name a folder or file of probes")
    yield from paths


def _validate(source: Source) -> None:
    """Raise for one problem of the file, and say how many more there are.

    A missing key comes last: it is most often the other half of a misspelt one.
    """
    errors = sorted(exact("probe").iter_errors(source.value), key=lambda error: error.validator == "required")
    problems = [problem for error in errors for problem in _problems(error)]
    if problems:
        key, what, remedy = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise UnusableInputError(what + more, where=source.where(key), remedy=remedy)


def _problems(error: ValidationError) -> Iterator[tuple[KeyPath, str, str]]:
    at = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(cast("Mapping[str, Any]", error.schema)["properties"])
        for key in sorted(map(str, set(cast("Mapping[str, Any]", error.instance)) - set(known))):
            yield (*at, key), f"unknown key {key!r}", suggest(key, known)
    elif error.validator == "enum":
        words = [str(word) for word in cast("list[object]", error.validator_value)]
        yield (
            at,
            f"{at[-1] if at else ''}: {error.instance!r} is none of its words",
            suggest(str(error.instance), words),
        )
    elif error.validator in {"anyOf", "not"} and at[-2:-1] == ("steps",):
        yield at, _ONE_OF, _REMEDY
    elif error.validator == "anyOf":
        yield at, f"{'.'.join(map(str, at[4:]))}: {str(error.instance)[:80]!r} has none of its forms", _REMEDY
    elif error.validator == "oneOf":
        yield at, _ONE_TURN, _REMEDY
    else:
        where = ".".join(map(str, at))
        yield at, f"{where}: {error.message[:160]}" if where else error.message[:160], _REMEDY
