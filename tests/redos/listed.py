"""`python -m tests.redos.listed`: every regular expression of the product, as JSON: where it is made, its text, its flags.

Those that importing makes, that the data files hold (providers, probes, taxonomy, clues) and that some commands make while they run are
taken as they are compiled. Those that stand in a call of `re` in a function are read from the source; `{...}` in them becomes a word.
"""

from __future__ import annotations

import ast
import io
import json
import pkgutil
import re
import re._compiler as compiler  # type: ignore[import-not-found]
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
_HOUSE: Final = ROOT / "conformance"
_METHODS: Final = ("compile", "match", "search", "sub", "fullmatch", "findall", "finditer", "split", "subn")
#: Modules that start something when they are imported, or need an extra.
_LEFT_OUT: Final = ("conformance.__main__", "conformance.suites.test_")
_COMMANDS: Final = (
    ["audit", "cassettes/openai", "--jobs", "1", "--as-of", "2026-11-21"],
    ["models", "--scan", "examples", "--as-of", "2026-11-21"],
    ["errors"],
    ["providers"],
    ["grounding", "cassettes/openai"],
)


class Listed(NamedTuple):
    """An expression: the file and line that makes it, its text, whether bytes, its flags, and whether only its beginning is matched."""

    where: str
    pattern: str
    is_bytes: bool
    flags: int
    anchored: bool

    @property
    def source(self) -> str | bytes:
        """The text as the engine gets it."""
        return self.pattern.encode("latin-1") if self.is_bytes else self.pattern


def listed() -> list[Listed]:
    """Return all, from a process of its own: in this one most are compiled already."""
    done = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, check=True, capture_output=True, text=True)
    return [Listed(*entry) for entry in json.loads(done.stdout)]


def _compiled() -> dict[tuple[str, bool, int], str]:
    """Return the expressions that are compiled while everything is imported, read and tried once, with their places."""
    seen: dict[tuple[str, bool, int], str] = {}
    before = compiler.compile

    def compile_(pattern: Any, flags: int = 0) -> Any:
        frame = sys._getframe(1)
        while frame.f_back is not None and not frame.f_code.co_filename.startswith(str(_HOUSE)):
            if "importlib" in frame.f_code.co_filename or "site-packages" in frame.f_code.co_filename:
                break
            frame = frame.f_back
        if isinstance(pattern, str | bytes) and frame.f_code.co_filename.startswith(str(_HOUSE)):
            text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
            place = f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"
            seen.setdefault((text, isinstance(pattern, bytes), int(flags)), place)
        return before(pattern, flags)

    compiler.compile = compile_
    try:
        re.purge()
        _import_all()
        _try_all()
    finally:
        compiler.compile = before
    return seen


def _import_all() -> None:
    import conformance  # noqa: PLC0415 - watched

    for module in pkgutil.walk_packages(conformance.__path__, "conformance."):
        if not module.name.startswith(_LEFT_OUT):
            with suppress(ImportError):
                import_module(module.name)


def _try_all() -> None:
    """Call what reads data files, and run some commands."""
    for name, module in list(sys.modules.items()):
        if name.startswith("conformance"):
            for value in list(vars(module).values()):
                if isinstance(value, _lru_cache_wrapper):
                    with suppress(Exception):
                        value()
    from conformance.cli import main  # noqa: PLC0415 - watched
    from conformance.recording.redaction import redact_text  # noqa: PLC0415 - watched

    with suppress(Exception):
        redact_text("x", ["acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"])
    for words in _COMMANDS:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), suppress(Exception, SystemExit):
            main(words)


def _text_of(node: ast.expr) -> str | bytes | None:
    """Return a literal of a source; what an f-string fills in becomes a word."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "word" for part in node.values)
    return None


def _written() -> dict[tuple[str, bool, int], str]:
    """Return the literals in calls of `re`, with their places."""
    seen: dict[tuple[str, bool, int], str] = {}
    for path in sorted(_HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args):
                continue
            flags = 0
            for word in ast.walk(
                ast.Module([ast.Expr(entry) for entry in (*node.args[1:], *(k.value for k in node.keywords))], [])
            ):
                if isinstance(word, ast.Attribute) and word.attr.isupper():
                    flags |= int(getattr(re, word.attr))
            text = _text_of(node.args[0])
            if text is not None:
                plain = text.decode("latin-1") if isinstance(text, bytes) else text
                with suppress(re.error):
                    re.compile(text, flags)
                    seen.setdefault((plain, isinstance(text, bytes), flags), f"{path.relative_to(ROOT)}:{node.lineno}")
    return seen


def _is_anchored(place: str, sources: dict[str, str]) -> bool:
    """Say whether the source uses the expression of this line by `.match` and `.fullmatch` alone."""
    path, _, line = place.partition(":")
    lines = sources.setdefault(path, (ROOT / path).read_text("utf-8")).splitlines()
    for number in range(int(line) - 1, max(int(line) - 6, -1), -1):
        name = re.match(r"([A-Z_][A-Z0-9_]*)\s*(?::[^=\n]*)?=", lines[number])
        if name:
            break
    else:
        return bool(re.search(r"\bre\.(?:full)?match\(", lines[int(line) - 1]))
    everywhere = sources.values() if not name[1].startswith("_") else [sources[path]]
    uses = [use for text in everywhere for use in re.findall(rf"\b{name[1]}\b(\.\w+|[\s,)\]}}])", text)]
    methods = {use for use in uses if use.startswith(".")}
    others = [use for use in uses if not use.startswith(".")]
    return bool(methods) and methods <= {".match", ".fullmatch"} and len(others) <= 1


def main() -> None:
    """Print the list."""
    sources = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in _HOUSE.rglob("*.py")}
    found = {**_written(), **_compiled()}
    entries = [(place, *key, _is_anchored(place, sources)) for key, place in found.items()]
    print(json.dumps(sorted(entries)))


if __name__ == "__main__":
    main()
