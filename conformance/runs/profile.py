"""Consumer profiles: the rules that one kind of client needs, and whether a target that was run fits it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.clients import breaks
from conformance.providers.toml_lines import parse_toml, read_text
from conformance.rules.table import RULES, Severity
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEYS: Final = {"about", "rules", "without", "at_least"}


class Fit(StrEnum):
    """Whether a target fits a profile."""

    FITS = "fits"
    BREAKS = "breaks"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Profile:
    """The rules that a client needs.

    Args:
        name: `plain-chat`, or a client of the client matrix: `openai`.
        about: one sentence: which client.
        rules: the ids of the rules.
    """

    name: str
    about: str
    rules: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """A profile held against one target of a run.

    Args:
        target: the target.
        strict: whether the target fits where a known deviation breaks the client as well.
        compat: whether it fits where the client copes with the known deviations.
        violated: the cells with a finding, failing ones first.
        unchecked: the rules that no real answer decided.
        judged: how many of the profile's rules were decided.
    """

    target: str
    strict: Fit
    compat: Fit
    violated: tuple[Mapping[str, Any], ...]
    unchecked: tuple[str, ...]
    judged: int


def load_profiles() -> dict[str, Profile]:
    """Return the shipped profiles: the kinds of application, then the clients of the client matrix."""
    folder = resources.files("conformance.runs.profiles")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    kinds = [read_profile(Path(str(folder / name))) for name in files]
    seen: dict[str, set[str]] = {}
    for entry in breaks():
        seen.setdefault(entry.client, set()).add(entry.rule)
    clients = [
        Profile(
            client,
            f"The client {client}: it raised, hung or lost data under a fault of each rule.",
            frozenset(rules & {*RULES}),
        )
        for client, rules in sorted(seen.items())
    ]
    return {profile.name: profile for profile in (*kinds, *clients)}


def named_profile(name: str, folder: Path) -> Profile:
    """Return a shipped profile by its name, or the one of a TOML file by its path.

    Raises:
        UnusableInputError: there is no such profile, or the file is none.
    """
    if name.endswith(".toml"):
        return read_profile(folder / name)
    profiles = load_profiles()
    if name not in profiles:
        raise UnusableInputError(
            f"profile {name!r} is unknown", remedy=f"{suggest(name, profiles)}; or name a .toml file"
        )
    return profiles[name]


def read_profile(path: Path) -> Profile:
    """Read a profile: `about` (one sentence), `rules` (ids or patterns), `without` (the same), `at_least` (a severity).

    Raises:
        UnusableInputError: the file cannot be read, has an unknown key, or a pattern that fits no rule.
    """
    table = parse_toml(read_text(path), path)
    for key in table.keys() - _KEYS:
        raise UnusableInputError(f"{key!r} is no key of a profile", where=path, remedy=suggest(key, _KEYS))
    lists = {name: table.get(name, []) for name in ("rules", "without")}
    if not all(isinstance(value, list) and all(isinstance(one, str) for one in value) for value in lists.values()):
        raise UnusableInputError(
            "'rules' and 'without' are lists of texts", where=path, remedy='write rules = ["tool_call.*"]'
        )
    try:
        least = Severity(table.get("at_least", "error"))
    except ValueError as error:
        raise UnusableInputError(
            str(error), where=path, remedy='write at_least = "error", "warning" or "note"'
        ) from error
    chosen = _fitting(lists["rules"], path) - _fitting(lists["without"], path)
    rules = frozenset(name for name in chosen if RULES[name].severity.at_least(least))
    if not rules:
        raise UnusableInputError("the profile needs no rule", where=path, remedy='write rules = ["tool_call.*"]')
    return Profile(path.stem, str(table.get("about", "")), rules)


def outcomes(results: Mapping[str, Any], profile: Profile) -> list[Outcome]:
    """Hold a profile against every target of a run.

    Args:
        results: a run, as `schemas/results.json` has it.
        profile: the rules that the client needs.
    """
    return [
        _outcome(
            target, [cell for cell in results["cells"] if cell["target"] == target and cell["rule"] in profile.rules]
        )
        for target in results["targets"]
    ]


def as_toml(about: str, rules: Iterable[str]) -> str:
    """Return a profile as a file that `read_profile` reads: one rule a line."""
    lines = [
        f"about = {about!r}",
        'at_least = "warning"',
        "rules = [",
        *(f'  "{rule}",' for rule in sorted(rules)),
        "]",
    ]
    return "\n".join(lines) + "\n"


def _outcome(target: str, cells: list[Mapping[str, Any]]) -> Outcome:
    real = [cell for cell in cells if cell["verdict"] not in {Verdict.EMULATED, Verdict.NOT_APPLICABLE}]
    fails = [cell for cell in real if cell["verdict"] == Verdict.FAIL]
    known = [cell for cell in real if cell["verdict"] == Verdict.KNOWN]
    unchecked = [
        cell["rule"] for cell in cells if cell["verdict"] in {Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.EMULATED}
    ]
    judged = len(real) - sum(cell["verdict"] in {Verdict.SKIP, Verdict.INCONCLUSIVE} for cell in real)
    otherwise = Fit.NOT_KNOWN if unchecked or not judged else Fit.FITS
    return Outcome(
        target,
        strict=Fit.BREAKS if fails or known else otherwise,
        compat=Fit.BREAKS if fails else otherwise,
        violated=(*fails, *known),
        unchecked=tuple(unchecked),
        judged=judged,
    )


def _fitting(patterns: Iterable[str], path: Path) -> set[str]:
    chosen: set[str] = set()
    for pattern in patterns:
        fits = {name for name in RULES if fnmatchcase(name, pattern)}
        if not fits:
            raise UnusableInputError(f"{pattern!r} fits no rule", where=path, remedy=suggest(pattern, RULES))
        chosen |= fits
    return chosen
