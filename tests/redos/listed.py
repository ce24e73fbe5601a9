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
from random import Random
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
_HOUSE: Final = ROOT / "conformance"
_METHODS: Final = ("compile", "match", "search", "sub", "fullmatch", "findall", "finditer", "split", "subn")
_AT_THE_BEGINNING: Final = ("match", "fullmatch")
#: Modules that start something when they are imported, or need an extra.
_LEFT_OUT: Final = ("conformance.__main__", "conformance.suites.test_")
_COMMANDS: Final = (
    ["audit", "cassettes/openai", "--jobs", "1", "--as-of", "2026-11-21"],
    ["models", "--scan", "examples", "--as-of", "2026-11-21"],
    ["errors"],
    ["providers"],
    ["grounding", "cassettes/openai"],
)
#: What makes the emulator's mind compile what it makes of a language's words.
_PROMPTS: Final = (
    "Answer as JSON with the keys a and b.",
    "Answer as JSON with 'a' and 'b' keys.",
    "以JSON格式返回a和b字段。",
    'Antworte nur mit "ja" oder "nein"',
    "Say yes or no",
    "「はい」とだけ答えてください",
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


def _compiled() -> dict[tuple[str, bool, int], tuple[str, str]]:
    """Return the expressions that are compiled while everything is imported, read and tried once: their places, and `fnmatch` where it made them.

    What another library makes of its own, `argparse` for one, is none of ours.
    """
    seen: dict[tuple[str, bool, int], tuple[str, str]] = {}
    before = compiler.compile

    def compile_(pattern: Any, flags: int = 0) -> Any:
        frame, library = sys._getframe(1), ""
        while frame.f_back is not None and not frame.f_code.co_filename.startswith(str(_HOUSE)):
            name = Path(frame.f_code.co_filename).stem
            library = library or (name if frame.f_globals.get("__package__") != "re" else "")
            frame = frame.f_back
        ours = frame.f_code.co_filename.startswith(str(_HOUSE)) and library in {"", "fnmatch"}
        if ours and isinstance(pattern, str | bytes):
            text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
            place = f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"
            seen.setdefault((text, isinstance(pattern, bytes), int(flags)), (place, library))
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
    from conformance.emulator.mind.instructions.json_keys import asked_schema, asks_for_json  # noqa: PLC0415 - watched
    from conformance.emulator.mind.instructions.reply_with import text_to_say  # noqa: PLC0415 - watched
    from conformance.recording.redaction import redact_text  # noqa: PLC0415 - watched

    with suppress(Exception):
        redact_text("x", ["acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"])
    for prompt in _PROMPTS:
        asked_schema(prompt)
        asks_for_json(prompt)
        text_to_say(prompt, Random(1))  # noqa: S311 - no secret
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
    used = re.search(r"\)\.(\w+)\(", lines[int(line) - 1]) if "re.compile(" in lines[int(line) - 1] else None
    if used:
        return used[1] in _AT_THE_BEGINNING
    for number in range(int(line) - 1, max(int(line) - 6, -1), -1):
        name = re.match(r"(?:([A-Z_][A-Z0-9_]*)\s*(?::[^=\n]*)?=| +([a-z_]+) = re\.compile\()", lines[number])
        if name:
            break
    else:
        return bool(re.search(r"\bre\.(?:full)?match\(", lines[int(line) - 1]))
    word = name[1] or name[2]
    everywhere = sources.values() if word.isupper() and not word.startswith("_") else [sources[path]]
    uses = [use for text in everywhere for use in re.findall(rf"\b{word}\b(\.\w+|[\s,)\]}}])", text)]
    methods = {use for use in uses if use.startswith(".")}
    others = [use for use in uses if not use.startswith(".")]
    return bool(methods) and methods <= {f".{method}" for method in _AT_THE_BEGINNING} and len(others) <= 1


def main() -> None:
    """Print the list."""
    sources = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in _HOUSE.rglob("*.py")}
    found = {
        key: (place, library == "fnmatch" or _is_anchored(place, sources))
        for key, (place, library) in _compiled().items()
    }
    whole = {place for place, _ in found.values()}
    for key, place in _written().items():
        if place not in whole:
            found.setdefault(key, (place, _is_anchored(place, sources)))
    print(json.dumps(sorted((place, *key, anchored) for key, (place, anchored) in found.items())))


if __name__ == "__main__":
    main()
