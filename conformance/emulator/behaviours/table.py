"""The catalogue of faulty behaviours, and scenarios that a user writes: TOML, held against a schema, made into schedules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.behaviours.phases import Phase, Schedule
from conformance.emulator.faults.table import chosen
from conformance.errors import UnusableInputError
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Behaviour:
    """One entry of the catalogue: its name, one sentence, and its phases."""

    name: str
    does: str
    phases: tuple[Phase, ...]
    repeat: bool = False

    def schedule(self, seed: int, now: Callable[[], float]) -> Schedule:
        """Return it from its beginning."""
        return Schedule(self.phases, self.repeat, seed, now)


@dataclass(frozen=True)
class Scenario(Behaviour):
    """A file of a user: `name` is its path, `does` its title."""


def load_behaviours() -> dict[str, Behaviour]:
    """Return every behaviour by name, in the order of the file."""
    text = files("conformance.emulator.behaviours").joinpath("behaviours.toml").read_text("utf-8")
    return {
        entry["name"]: Behaviour(entry["name"], entry["does"], _phases(entry["phase"]), entry.get("repeat", False))
        for entry in tomllib.loads(text)["behaviour"]
    }


def load_scenario(path: Path) -> Scenario:
    """Return the scenario of a file.

    Raises:
        UnusableInputError: the file cannot be read, is no TOML, has another form, or names an unknown fault.
    """
    remedy = "docs/emulator.md shows a scenario"
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnusableInputError(f"cannot be read: {error.strerror}", where=path, remedy="name a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableInputError(f"is no TOML: {error}", where=path, remedy=remedy) from error
    problem = explain("scenario", document)
    if problem is not None:
        raise UnusableInputError(f"is no scenario: {problem}", where=path, remedy=remedy)
    phases = document["phase"]
    early = [number for number, phase in enumerate(phases[:-1], 1) if not phase.keys() & {"requests", "seconds"}]
    if early:
        raise UnusableInputError(
            f"phase {early[0]} never ends, so that no later one begins",
            where=path,
            remedy="give it requests or seconds",
        )
    try:
        made = _phases(phases)
    except UnusableInputError as error:
        raise UnusableInputError(error.what, where=path, remedy=error.remedy) from error
    return Scenario(str(path), document.get("title", ""), made, document.get("repeat", False))


def _phases(entries: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...]:
    return tuple(
        Phase(**{**entry, **({"faults": chosen(entry["faults"])} if "faults" in entry else {})}) for entry in entries
    )


BEHAVIOURS: Final[Mapping[str, Behaviour]] = load_behaviours()
