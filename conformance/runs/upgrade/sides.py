"""Reads a side of a comparison: a target, a results file, a folder of cassettes, a recording, or the version of an SDK."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.asking.cassettes import recorded_targets
from conformance.errors import UnusableInputError, suggest
from conformance.providers import parse_target
from conformance.providers.named_dialects import dialect_names
from conformance.recording.cassette import decode_model
from conformance.report.results import read_results
from conformance.rules.table import RULES
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.runs.upgrade.material import Material, states_of_cells
from conformance.runs.upgrade.of_recording import material_of_recording
from conformance.runs.upgrade.of_sdk import is_version, material_of_sdk
from conformance.runs.upgrade.of_target import material_of_target
from conformance.verdicts.comparison import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.providers import Provider, Target
    from conformance.runs.project import Project

#: How a path is written, and no target: what ends or begins so is looked for as a file.
_FILES: Final = (".json", ".jsonl", ".yaml", ".yml", ".har", ".gz", ".txt", ".sse")
_PLACES: Final = ("./", "../", "/", "~")
#: A cassette lies this deep below its root: provider, model, dialect.
_DEPTH: Final = 3


@dataclass(frozen=True)
class Named:
    """The text of a side: a path with the target that is meant in it, or a target."""

    text: str
    path: Path | None
    target: str

    @classmethod
    def of(cls, text: str, folder: Path) -> Named:
        """Take a text apart: `PATH`, `PATH#TARGET` or a target.

        Raises:
            UnusableInputError: the text looks like a path, and nothing is there.
        """
        if is_version(text):
            return cls(text, None, "")
        bare, _, target = text.partition("#")
        path = (folder / Path(bare).expanduser()) if bare else folder
        if bare and path.exists():
            return cls(text, path, target)
        if bare.startswith(_PLACES) or bare.endswith(_FILES) or not bare:
            remedy = "name a results file, a folder of cassettes, a recording, or a target PROVIDER/MODEL[@DIALECT]"
            raise UnusableInputError("there is no such file or folder", where=bare or text, remedy=remedy)
        return cls(text, None, text)


@dataclass
class Reader:
    """Reads sides with the options of one command."""

    project: Project
    options: Mapping[str, Any]
    providers: Mapping[str, Provider]
    say: Callable[[str], None] = print

    def read(self, named: Named, other: Named) -> Material:
        """Return the material of a side.

        Args:
            named: the side.
            other: the other side: a folder or file with several targets is read for the target that it names.

        Raises:
            UnusableInputError: the side cannot be used.
        """
        if is_version(named.text) != is_version(other.text):
            sdk, rest = (named, other) if is_version(named.text) else (other, named)
            remedy = "name two versions of one SDK"
            raise UnusableInputError(f"{sdk.text} cannot be compared with {rest.text}", remedy=remedy)
        if is_version(named.text):
            return material_of_sdk(
                named.text, self.project.path("reports", self.options.get("reports")) or self.project.root / "reports"
            )
        if named.path is None:
            return self._target(named)
        if named.path.is_dir():
            layout = cassette_root(named.path, self.providers)
            if layout is not None:
                return self._cassettes(named, other, layout)
        elif _is_results(named.path):
            return self._results(named, other)
        return material_of_recording(named.path, named.text, self.providers)

    def _target(self, named: Named) -> Material:
        run = Run(settings_from({**self.options, "target": [named.target]}, self.project), self.say)
        targets = run.settings.targets
        if len(targets) > 1:
            raise UnusableInputError(f"{named.text!r} stands for {len(targets)} targets", remedy=_name_one(targets))
        if run.settings.live:
            run.plan({targets[0]: list(RULES)})
            run.ask({targets[0]: list(RULES)})
        return material_of_target(run, targets[0], named.text)

    def _cassettes(self, named: Named, other: Named, root: Path) -> Material:
        assert named.path is not None  # noqa: S101 - the caller looked
        below = named.path.resolve()
        targets = [
            target
            for target in recorded_targets(root, self.providers)
            if _is_below(root.joinpath(*_folders(root, target)).resolve(), below)
        ]
        wanted = _chosen(named, other, {target.id: target for target in targets}, self.providers)
        offline = {key: value for key, value in self.options.items() if key not in {"live", "record", "emulated"}}
        options = {**offline, "target": [wanted.id], "cassettes": str(root.resolve())}
        return material_of_target(Run(settings_from(options, self.project), self.say), wanted, named.text, "cassettes")

    def _results(self, named: Named, other: Named) -> Material:
        assert named.path is not None  # noqa: S101 - the caller looked
        results = read_results(named.path)
        targets = {name: name for name in results["targets"]}
        wanted = _chosen(named, other, targets, self.providers)
        cells = [cell for cell in results["cells"] if cell["target"] == wanted]
        evidence = tuple(sorted({kind for cell in cells for kind in cell["evidence"]}))
        real = tuple(kind for kind in evidence if kind != "emulated")
        target = _parsed(wanted, self.providers)
        side = Side(named.text, "results", wanted, target.dialect if target else "", real or evidence)
        keywords = results["keywords"].get(wanted, {})
        return Material(side, states_of_cells(cells), target=target, keywords=keywords)


def cassette_root(folder: Path, providers: Mapping[str, Provider]) -> Path | None:
    """Return the root of cassettes that a folder is, or lies in; None where it holds recordings of another tool."""
    for up in range(_DEPTH + 1):
        root = folder.joinpath(*[".."] * up).resolve()
        pattern = "/".join(["*"] * (_DEPTH - up) + ["*.yaml"])
        leaf = next(iter(sorted(folder.resolve().glob(pattern))), None)
        if leaf is None:
            continue
        provider, _, dialect = map(decode_model, leaf.parent.relative_to(root).parts)
        if provider in providers and dialect in dialect_names():
            return root
    return None


def _folders(root: Path, target: Target) -> tuple[str, ...]:
    names = (target.provider.name, target.model, target.dialect)
    return next(
        place.relative_to(root).parts
        for place in root.glob("*/*/*")
        if tuple(map(decode_model, place.relative_to(root).parts)) == names
    )


def _is_below(place: Path, folder: Path) -> bool:
    return place == folder or folder in place.parents


def _chosen(named: Named, other: Named, targets: Mapping[str, Any], providers: Mapping[str, Provider]) -> Any:  # noqa: ANN401
    """Return the target that is meant among those of a file: the one named, the only one, or the other side's."""
    if named.target:
        if named.target not in targets:
            remedy = suggest(named.target, targets)
            raise UnusableInputError(f"it holds no target {named.target!r}", where=named.path, remedy=remedy)
        return targets[named.target]
    if len(targets) == 1:
        return next(iter(targets.values()))
    meant = _parsed(other.target, providers) if other.target else None
    if meant is not None and meant.id in targets:
        return targets[meant.id]
    if not targets:
        raise UnusableInputError("it holds no target", where=named.path, remedy="run the suites first: conformance run")
    raise UnusableInputError(f"it holds {len(targets)} targets", where=named.path, remedy=_name_one(targets, named))


def _name_one(targets: Any, named: Named | None = None) -> str:  # noqa: ANN401 - targets, or their ids
    some = [str(target) for target in targets][:3]
    before = f"{named.text}#" if named else ""
    return f"name one: {' or '.join(before + name for name in some)}"


def _parsed(text: str, providers: Mapping[str, Provider]) -> Target | None:
    try:
        return parse_target(text, providers)
    except UnusableInputError:
        return None


def _is_results(path: Path) -> bool:
    if path.suffix != ".json":
        return False
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and {"cells", "targets", "headline"} <= document.keys()
