"""Markdown and plain text: tables, code, and names in sentences, each with the heading it stands under."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.context import told_by
from conformance.knowledge.lifecycle.scan.literal import NAME, Literal, is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+|~+)\s*$")
_FENCE = re.compile(r"\s*(?:[-*+]\s+)?(```+|~~~+)\s*([\w.+-]*)")
_RULE = re.compile(r"\s*+(?:\|\s*+)?:?--")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_CODE = re.compile(r"(?<!`)`++([^`\n]+)`++")
_WORD = re.compile(r"(?<![\w/:.@-])[A-Za-z][\w.:@/+-]*[A-Za-z0-9]")
_ENDS = re.compile(r"(?<=[.!?;])\s+(?=[^a-z\s])")
#: A name as people say it, which fills a cell: `Llama 4 Scout`.
_SPACED = re.compile(r"(?=.*\d)[A-Za-z][\w.+-]*(?: [\w.+-]+){1,4}")
_CAPTION = re.compile(r":\s*+(?:\*++\s*+)?$")


@dataclass
class _Page:
    """Where a reader is: the headings above, and the line that introduces the next lines."""

    headings: dict[int, str] = field(default_factory=dict)
    caption: str = ""

    def above(self) -> list[str]:
        """Return the texts above, the nearest first. One heading only counts where a deeper one says nothing."""
        return [self.caption, *(self.headings[level] for level in sorted(self.headings, reverse=True))]

    def head(self, level: int, text: str) -> None:
        """Enter a section."""
        self.headings = {depth: heading for depth, heading in self.headings.items() if depth < level} | {level: text}
        self.caption = ""


def literals(source: str, code: Callable[[str, str], Iterable[Literal]]) -> list[Literal]:
    """Return the names of a page. `code` reads a fenced block, given its language and text."""
    return list(_literals(source.splitlines(), code, source))


def _literals(lines: list[str], code: Callable[[str, str], Iterable[Literal]], source: str) -> Iterator[Literal]:
    page, at = _Page(), 0
    while at < len(lines):
        line = lines[at]
        fence, heading = _FENCE.match(line), _HEADING.match(line)
        if fence:
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1])), len(lines))
            block = "\n".join(lines[at + 1 : end])
            yield from _moved(code(fence[2].lower(), block), at + 1, [*page.above(), source])
            at = end + 1
        elif heading:
            page.head(len(heading[1]), heading[2])
            yield from _sentence([(at, heading[2])], [heading[2], *page.above()[2:], source])
            at += 1
        elif at + 1 < len(lines) and line.strip() and "|" not in line and _UNDERLINE.match(lines[at + 1]):
            page.head("=-~".index(lines[at + 1].strip()[0]) + 1, line.strip())
            at += 2
        elif "|" in line and at + 1 < len(lines) and "|" in lines[at + 1] and _RULE.match(lines[at + 1]):
            end = next((n for n in range(at, len(lines)) if "|" not in lines[n]), len(lines))
            yield from _table(lines, at, end, [*page.above(), source])
            at = end
        elif line.strip():
            end = at + 1
            while end < len(lines) and lines[end].strip() and not _starts(lines, end):
                end += 1
            yield from _sentence([(n, lines[n]) for n in range(at, end)], [*page.above(), source])
            if not _ITEM.match(line):
                page.caption = " ".join(lines[at:end]) if _CAPTION.search(lines[end - 1]) else ""
            at = end
        else:
            at += 1


def _starts(lines: list[str], at: int) -> bool:
    line = lines[at]
    return bool(_ITEM.match(line) or _HEADING.match(line) or _FENCE.match(line) or "|" in line)


def _moved(literals: Iterable[Literal], by: int, above: list[str]) -> Iterator[Literal]:
    for literal in literals:
        yield Literal(literal.text, literal.line + by, literal.key, lambda literal=literal: [*literal.levels(), *above])  # type: ignore[misc]


def _table(lines: list[str], start: int, end: int, above: list[str]) -> Iterator[Literal]:
    """A row names the provider of its models; else the head of the column does, or the text above the table."""
    heads = _cells(lines[start])
    for number in (start, *range(start + 2, end)):
        row = _cells(lines[number])
        for column, cell in enumerate(row):
            head = heads[column] if column < len(heads) else ""
            others = " | ".join(cell for place, cell in enumerate(row) if place != column)
            texts = (head, cell, others, *above)
            whole = cell.strip("`* ")
            names = [whole] if _SPACED.fullmatch(whole) else []
            for name in dict.fromkeys([*names, *_CODE.findall(cell), *_WORD.findall(_CODE.sub(" ", cell))]):
                yield Literal(name.strip(), number + 1, head, lambda texts=texts: texts)  # type: ignore[misc]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _sentence(lines: list[tuple[int, str]], above: list[str]) -> Iterator[Literal]:
    """Read a paragraph, sentence by sentence.

    A name belongs to the provider before it (`Groq: a, b`), or after it where the sentence begins with a name (`a, b on Groq`).
    """
    text = "\n".join(line for _, line in lines)
    start, first = 0, lines[0][0]
    for sentence in _ENDS.split(text):
        at = text.find(sentence, start)
        first += text.count("\n", start, at)
        yield from _names(sentence, first, [text, *above])
        start, first = at + len(sentence), first + sentence.count("\n")


def _names(sentence: str, first: int, above: list[str]) -> Iterator[Literal]:
    words = list(_WORD.finditer(sentence))
    in_code = {word[0] for word in words if sentence[word.start() - 1 : word.end() + 1] == f"`{word[0]}`"}
    written = [word[0] in in_code or _is_written_name(word[0]) for word in words]
    spots = [
        (word, frozenset() if is_written else told_by(word[0])) for word, is_written in zip(words, written, strict=True)
    ]
    spots = [spot for spot, is_written in zip(spots, written, strict=True) if spot[1] or is_written]
    leads = bool(spots) and bool(spots[0][1])
    before, after = _nearest(spots), _nearest(spots[::-1])[::-1]
    line, at = first + 1, 0
    for place, (word, makers) in enumerate(spots):
        line, at = line + sentence.count("\n", at, word.start()), word.start()
        if makers or not is_name(word[0]):
            continue
        owner = (before[place] or after[place]) if leads else (after[place] or before[place])
        texts = (" ".join(sorted(owner)), *above)
        yield Literal(word[0], line, "", lambda texts=texts: texts)  # type: ignore[misc]


def _nearest(spots: list[tuple[re.Match[str], frozenset[str]]]) -> list[frozenset[str]]:
    """Return the makers that stand last up to each spot."""
    result: list[frozenset[str]] = []
    for _, makers in spots:
        result.append(makers or (result[-1] if result else frozenset()))
    return result


def _is_written_name(word: str) -> bool:
    """Return True if a word of a sentence can be nothing but an id: parts joined by dashes with a number in them."""
    return NAME.fullmatch(word) is not None and "-" in word and any(map(str.isdigit, word)) and "://" not in word
