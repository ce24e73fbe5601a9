"""The cassettes of a run: whose they are, what state they are in, and when one is written over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from conformance import __version__
from conformance.errors import UnusableInputError
from conformance.observe import exchange_id, observation, why_unusable
from conformance.options import command
from conformance.providers import Target
from conformance.providers.target import dialect_names
from conformance.recording.cassette import cassette_path, decode_model, load, save
from conformance.verdict import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.exchange import Exchange
    from conformance.probes import Probe
    from conformance.providers import Provider

#: `unusable` decides nothing: its answer was a 429, a 5xx or broke.
State: TypeAlias = Literal["missing", "unusable", "stale", "good"]


def recorded_targets(folder: Path, providers: Mapping[str, Provider]) -> tuple[Target, ...]:
    """Return the targets that have cassettes, in order.

    Raises:
        UnusableInputError: a folder of cassettes belongs to no provider or dialect that is known.
    """
    found = []
    for place in sorted({path.parent for path in folder.glob("*/*/*/*.yaml")}):
        provider, model, dialect = map(decode_model, place.relative_to(folder).parts)
        if provider not in providers:
            remedy = "add its TOML with --providers DIR, or move the folder away"
            raise UnusableInputError(f"cassettes of the unknown provider {provider!r}", where=place, remedy=remedy)
        if dialect not in dialect_names():
            remedy = f"the dialects are {', '.join(dialect_names())}"
            raise UnusableInputError(f"cassettes of the unknown dialect {dialect!r}", where=place, remedy=remedy)
        found.append(Target(providers[provider], model, dialect))
    return tuple(found)


def no_target(folder: Path) -> UnusableInputError:
    """Return the error for a folder without a target, which says where a cassette lies that is none of ours."""
    other = next(iter(sorted(folder.glob("**/*.yaml"))), None)
    if other is None:
        remedy = "name one with --target PROVIDER/MODEL"
        return UnusableInputError("no target: there are no cassettes", where=folder, remedy=remedy)
    what = "no target: cassettes of ours lie in PROVIDER/MODEL/DIALECT/PROBE.yaml"
    return UnusableInputError(what, where=other, remedy="`conformance audit` judges recordings of other tools")


@dataclass(frozen=True)
class Store:
    """The cassettes below one folder. `options` belong to the command that records a missing one."""

    folder: Path
    options: tuple[str, ...] = ()

    def replay(self, target: Target, probe: Probe) -> Observation:
        """Return what a probe brought when it was recorded, or else emulated.

        Raises:
            UnusableInputError: its cassette cannot be read.
        """
        places = (self._path(target, probe), self._path(target, probe, emulated=True))
        path = next((each for each in places if each.exists()), None)
        if path is None:
            words = [target.id, "--probe", probe.name, *self.options]
            return Observation(probe, missing=command("record", *words))
        cassette = load(path)
        # Named as when they were asked: the reader's names begin with the path on this machine.
        exchanges = tuple(replace(each, id=exchange_id(target, probe, each.interaction)) for each in cassette.exchanges)
        return observation(probe, exchanges, stale=cassette.probe_hash != probe.hash)

    def state(self, target: Target, probe: Probe) -> State:
        """Return what a recorded cassette is good for.

        Raises:
            UnusableInputError: it cannot be read.
        """
        path = self._path(target, probe)
        if not path.exists():
            return "missing"
        cassette = load(path)
        if why_unusable(cassette.exchanges):
            return "unusable"
        return "good" if cassette.probe_hash == probe.hash else "stale"

    def keep(self, target: Target, probe: Probe, exchanges: tuple[Exchange, ...]) -> str | None:
        """Write what a probe brought, unless it decides nothing and a good cassette is there. Return why it was not written.

        Raises:
            UnusableInputError: the cassette cannot be written.
        """
        if not exchanges or any(each.response is None for each in exchanges):
            return "not recorded"
        if why_unusable(exchanges) and self._decides(target, probe):
            return "the good cassette stays"
        recorded = [replace(each, evidence="recorded") for each in exchanges]
        path = self._path(target, probe)
        save(path, recorded, probe=probe.name, probe_hash=probe.hash, tool_version=__version__)
        return None

    def _decides(self, target: Target, probe: Probe) -> bool:
        try:
            return self.state(target, probe) in {"good", "stale"}
        except UnusableInputError:  # a broken cassette is worth less than any answer
            return False

    def _path(self, target: Target, probe: Probe, *, emulated: bool = False) -> Path:
        names = (target.provider.name, target.model, target.dialect, probe.name)
        return cassette_path(self.folder, *names, emulated=emulated)
