"""The pieces of `conformance init`: which files, which texts, and whether a file is new or gets lines at its end."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.runs.project import OWN_FILE, PYPROJECT
from conformance.runs.starter import texts
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from conformance.providers import Target

#: What a run writes that nobody commits.
_IGNORED: Final = ("reports/*", "!reports/baselines/", "traffic-answers/")
#: The target of the example test, where no target of the settings speaks its dialect.
_EXAMPLE_TARGET: Final = "groq/openai/gpt-oss-120b"


@dataclass(frozen=True)
class Piece:
    """One text for one file.

    Args:
        path: the file.
        text: what it gets; empty where it has everything.
        append: whether the text goes to the end of a file that is there; else a file that is there is left alone.
        why: why a file is left alone, where that is known.
    """

    path: Path
    text: str
    append: bool = False
    why: str = ""


def pieces(root: Path, repository: Path, targets: Sequence[Target], *, ci: str, requirement: str) -> Iterator[Piece]:
    """Yield the pieces in the order in which a reader wants to see them.

    Args:
        root: the project's folder.
        repository: the folder that holds `.git`; the project's where there is none.
        targets: what the settings name.
        ci: `github`, `gitlab` or `none`.
        requirement: what pip installs elsewhere.
    """
    folder = root.relative_to(repository).as_posix() if root != repository else ""
    yield _settings(root, [target.id for target in targets])
    if ci == "github":
        path = repository / ".github" / "workflows" / "conformance.yml"
        yield Piece(path, texts.github(requirement, folder))
    elif ci == "gitlab":
        yield Piece(repository / "conformance.gitlab-ci.yml", texts.gitlab(requirement, folder))
    yield _hook(repository, requirement)
    yield _ignored(root / ".gitignore")
    spoken = (f"{target.provider.name}/{target.model}" for target in targets if target.dialect == DEFAULT_DIALECT)
    provider, _, model = next(spoken, _EXAMPLE_TARGET).partition("/")
    yield Piece(_tests(root) / "test_provider_faults.py", texts.example_test(provider, model))


def _settings(root: Path, targets: Sequence[str]) -> Piece:
    table, own, pyproject = texts.settings(targets), root / OWN_FILE, root / PYPROJECT
    if own.is_file():
        return Piece(own, "", why="it has your settings")
    if not pyproject.is_file():
        return Piece(own, f"# Settings of `conformance`, which judges LLM providers.\n{table}")
    section = f"\n[tool.conformance]\n{table}"
    text = pyproject.read_text("utf-8")
    if "conformance" in tomllib.loads(text).get("tool", {}):
        return Piece(pyproject, "", why="it has [tool.conformance]")
    try:
        tomllib.loads(f"{text}\n{section}")
    except tomllib.TOMLDecodeError:
        return Piece(pyproject, section, why="its table `tool` cannot be added to")
    return Piece(pyproject, section, append=True)


def _hook(repository: Path, requirement: str) -> Piece:
    path, item = repository / ".pre-commit-config.yaml", texts.hook(requirement)
    if path.is_file():
        known = "conformance-models" in path.read_text("utf-8", errors="replace")
        return Piece(path, "" if known else item, why="it has the hook" if known else "its hooks are yours")
    return Piece(path, f"repos:\n{item}")


def _ignored(path: Path) -> Piece:
    own = set(path.read_text("utf-8", errors="replace").split()) if path.is_file() else set()
    covered = {"reports", "reports/", "/reports", "/reports/"} & own
    missing = [line for line in _IGNORED if line not in own and not (covered and "reports" in line)]
    return Piece(path, "".join(f"{line}\n" for line in missing), append=path.is_file(), why="it has the lines")


def _tests(root: Path) -> Path:
    """Return the folder of tests that pytest looks into."""
    options: dict[str, object] = {}
    if (root / PYPROJECT).is_file():
        tool = tomllib.loads((root / PYPROJECT).read_text("utf-8")).get("tool", {})
        options = tool.get("pytest", {}).get("ini_options", {})
    paths = options.get("testpaths")
    first = paths[0] if isinstance(paths, list) and paths else paths if isinstance(paths, str) and paths else "tests"
    return root / str(first).split()[0]
