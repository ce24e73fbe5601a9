"""Notebooks: the sources of their cells, each read as its language. Outputs are none."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.scan.literal import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MAGIC = re.compile(r"^([ \t]*+)[%!]", re.MULTILINE)
_KINDS = {"markdown": ".md", "raw": ".md"}
_LANGUAGES = {"python": ".py", "r": ".r", "julia": ".jl", "javascript": ".js", "typescript": ".ts", "scala": ".scala"}


def literals(source: str, read: Callable[[str, str], Iterable[Literal]]) -> list[Literal]:
    """Return the literals of every cell, with their line in the file. `read` reads a text, given its kind.

    Raises:
        ValueError: the text is no JSON.
    """
    return list(_literals(source, json.loads(source), read))


def _literals(source: str, book: object, read: Callable[[str, str], Iterable[Literal]]) -> Iterator[Literal]:
    cells = book.get("cells") if isinstance(book, dict) else None
    cells = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    texts = [_source(cell) for cell in cells]
    everything = "\n".join(texts)
    at = 0
    for cell, text in zip(cells, texts, strict=True):
        kind = _KINDS.get(str(cell.get("cell_type")), _language(book))
        code = _MAGIC.sub(r"\1#", text) if kind == ".py" else text
        written = text.split("\n")
        for one in sorted(read(kind, code), key=lambda literal: literal.line):
            place = _place(source, written[min(one.line, len(written)) - 1], at)
            at = max(at, place)
            levels = partial(_levels, one, everything)
            yield Literal(one.text, source.count("\n", 0, place) + 1, one.key, levels)


def _levels(literal: Literal, everything: str) -> list[str]:
    """Return the texts near a literal in its cell, then those of all cells."""
    return [*literal.levels(), everything]


def _source(cell: dict[str, object]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _language(book: object) -> str:
    metadata = book.get("metadata") if isinstance(book, dict) else None
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language", "python") if isinstance(kernel, dict) else "python"
    return _LANGUAGES.get(str(language).lower(), ".py")


def _place(source: str, line: str, start: int) -> int:
    """Return where a line of a cell is written in the file, from a place on."""
    forms = (json.dumps(line, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    places = [place for form in forms if (place := source.find(form, start)) >= 0]
    return min(places, default=start)
