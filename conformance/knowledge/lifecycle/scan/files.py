"""The files that are scanned, and the reader of each kind."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

import yaml

from conformance.errors import UnusableInputError
from conformance.knowledge.lifecycle.lookup import heads
from conformance.knowledge.lifecycle.scan import code, lines, notebook, prose, python, structured
from conformance.knowledge.lifecycle.scan.git import listed_by_git
from conformance.wire.plain_file import open_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.knowledge.lifecycle.scan.literal import Literal

#: Bytes of a file that is read; what is larger is data, not code or configuration.
LARGEST: Final = 1_000_000
#: Bytes of a notebook: most of them are pictures and other outputs, which are not read.
LARGEST_NOTEBOOK: Final = 20_000_000

_NOTEBOOK = ".ipynb"
_STRUCTURED = frozenset({".yaml", ".yml", ".json", ".jsonc"})
_LINES = frozenset(
    {
        ".env",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".properties",
        ".sh",
        ".bash",
        ".zsh",
        ".dockerfile",
        ".mk",
        ".tfvars",
        ".http",
    }
)
_PROSE = frozenset({".md", ".markdown", ".mdx", ".txt", ".rst", ".adoc"})
_CODE = frozenset({
    ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".go", ".rb", ".java", ".kt", ".kts",
    ".scala", ".groovy", ".rs", ".php", ".cs", ".swift", ".dart", ".c", ".cc", ".cpp", ".h", ".hpp", ".json5", ".bicep",
    ".lua", *code.HASHED,
})  # fmt: skip
_KINDS = _STRUCTURED | _LINES | _PROSE | _CODE | {".py", ".pyi", _NOTEBOOK}
#: The language after a fence, as the ending of its files.
_FENCED = {
    "python": ".py", "python3": ".py", "javascript": ".js", "typescript": ".ts", "ruby": ".rb", "golang": ".go", "bash": ".sh",
    "shell": ".sh", "console": ".sh", "dotenv": ".env", "rust": ".rs", "kotlin": ".kt", "csharp": ".cs", "c#": ".cs", "json5": ".jsonc",
}  # fmt: skip
_SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", "dist", "build", "vendor"}
)
_LOCK = re.compile(
    r"(.*\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|go\.sum|.*\.min\.(js|css))", re.IGNORECASE
)
#: What tells the past: that a model was named there is no use of it.
_HISTORY = re.compile(r"(changelog|changes|history|news|release[-_ ]?notes)([-_.].*)?", re.IGNORECASE)


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files to read: the named files, and below folders every file of a known kind that Git does not ignore.

    Left out below folders: lock files, minified files, changelogs, and folders such as `node_modules`.

    Raises:
        UnusableInputError: there is no such path.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in _below(path) if _is_scanned(file))
        elif path.exists():
            yield path
        else:
            raise UnusableInputError("no such file or folder", where=path, remedy="name a file or folder: --scan PATH")


def literals_of(path: Path) -> list[Literal] | None:
    """Return the literals of a file; None for a file that is no text, no plain file, or too large.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    largest = LARGEST_NOTEBOOK if path.suffix.lower() == _NOTEBOOK else LARGEST
    if not path.is_file():  # a pipe, a device: reading it may never end
        return None
    try:
        with open_plain(path) as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise UnusableInputError(f"cannot be read: {error.strerror}", where=path, remedy="leave it out") from error
    if len(content) > largest or b"\0" in content[:8192]:
        return None
    text = content.decode("utf-8", "replace")
    if not _may_name_one().search(text):
        return []
    return read(_kind(path), text)


def literals_in(path: PurePath, text: str) -> list[Literal]:
    """Return the literals of a text that stands in a file of this name; none where such a file is not scanned."""
    return read(_kind(path), text) if _is_scanned(path) and _may_name_one().search(text) else []


def read(kind: str, text: str) -> list[Literal]:
    """Return the literals of a text. What its own parser refuses is read by the grammar of lines, or of any language."""
    reader = _reader(kind)
    if reader is not None:
        try:
            return reader(text)
        except (
            SyntaxError,
            ValueError,
            RecursionError,
            MemoryError,
            yaml.YAMLError,
        ):  # ast says "too deep" by MemoryError
            if kind in {".yaml", ".yml"}:
                return lines.literals(text)
    return code.literals(text, hashed=kind in code.HASHED | {".py", ".pyi"})


def _reader(kind: str) -> Callable[[str], list[Literal]] | None:
    """Return the reader of a language by its own grammar; None for any other language."""
    if kind in _PROSE:
        return lambda text: prose.literals(text, _fenced)
    if kind in _LINES:
        return lines.literals
    if kind == _NOTEBOOK:
        return lambda text: notebook.literals(text, read)
    if kind in {".py", ".pyi"}:
        return python.literals
    return structured.literals if kind in _STRUCTURED else None


def _fenced(language: str, text: str) -> list[Literal]:
    kind = _FENCED.get(language, f".{language}")
    return read(kind if kind in _KINDS - _PROSE else ".env", text)


def _kind(path: PurePath) -> str:
    name = path.name.lower()
    if name.startswith((".env", "dockerfile", "containerfile", "makefile", "procfile", "justfile")):
        return ".env"
    return path.suffix.lower() if path.suffix.lower() in _KINDS else ".txt" if not path.suffix else ".js"


def _is_scanned(path: PurePath) -> bool:
    name = path.name.lower()
    known = path.suffix.lower() in _KINDS or name.startswith(
        (".env", "dockerfile", "containerfile", "makefile", "procfile", "justfile")
    )
    return known and not _LOCK.fullmatch(name) and not _HISTORY.fullmatch(name)


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder: those that Git knows or would take. A folder that Git ignores whole was named on purpose."""
    listed = listed_by_git(folder)
    if listed:
        for file in listed:
            if file.is_file() and not _SKIPPED_FOLDERS & set(file.relative_to(folder).parts[:-1]):
                yield file
        return
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
        yield from (Path(place) / name for name in files)


@cache
def _may_name_one() -> re.Pattern[str]:
    """Return a pattern that every file with a model's name matches; most files do not, and are not parsed."""
    alternatives = "|".join(re.escape(head) for head in sorted(heads()))
    return re.compile(rf"(?<![a-z])(?:{alternatives})[-_. :@]?\w|model", re.IGNORECASE)
