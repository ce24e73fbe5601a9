"""Links, DOIs and formal citations of an answer, and which of them nobody supplied. Needs no network."""

from __future__ import annotations

import re
import tomllib
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: RFC 3986 characters, less what prose puts behind a link; Chinese and Japanese punctuation ends one.
_CHARS = r"[^\s<>\"'`{}|\\^\[\]，。；、「」『』（）\u3000-\u30ff\u4e00-\u9fff\ue000]"
_URL = re.compile(
    rf"https?://{_CHARS}+"
    rf"|(?<![\w@./-])(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{{2,12}}/{_CHARS}*[\w/]"
    r"|(?<![\w@./-])www\.(?:[a-z0-9-]+\.)+[a-z]{2,12}\b",
    re.IGNORECASE,
)
#: DOI (https://www.doi.org/doi-handbook, read 2026-11-21), arXiv, PubMed and book numbers.
_NUMBERED = re.compile(
    r"\b10\.\d{4,9}/[^\s\"'<>{}，。；]+|\barxiv:\s?\d{4}\.\d{4,5}|\bpmid:?\s?\d{6,9}|\bisbn(?:-1[03])?:?\s?[\dx-]{10,17}",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\b\d{1,4}\s?\(\d{1,3}(?:[-\u2013]\d+)?\)\s?[,:]\s?(?:pp?\.\s?|S\.\s?|e)?\d+"  # volume(issue), pages
    r"|\bvol(?:ume)?\.?\s?\d+,?\s?(?:no|issue|nr|pp)\.?\s?\d+"
    r"|\b(?:journal|volume|pages|doi)\s*=\s*\{"  # BibTeX
    r"|\b[A-Z]\w+(?: (?:&|et|and) [A-Z]\w+)? et al\.?,? \(?(?:19|20)\d\d"
    r"|\b[A-Z][\w'-]{1,60}+,\s(?:[A-Z]\.[ -]?)+(?:[,&;].{0,80}?)?\(\d{4}[^)]{0,16}\)"  # Author, A. (2020)
    r"|\b\d{1,4} (?:F\.(?:2d|3d|4th)|F\. ?Supp\.|U\.S\.|S\. ?Ct\.|So\. ?2d|P\.[23]d|N\.[EW]\.2d) \d{1,4}\b"
    r"|\[20\d\d\] (?:EWCA|EWHC|UKSC|UKHL)\b|\b\w+\s?/\s?ECLI:|ECLI:[A-Z]{2}:"
)
#: How like the user's own URL a link is that a model copied with a slip.
_MANGLED = 0.9
_MANY = 200  # links after which an answer is not read for more
_TAIL = ".,;:!?*_)]}>'\"\u2026"


class Link(NamedTuple):
    """A link or citation in an answer: characters [start, end), its text, and what kind it is."""

    start: int
    end: int
    text: str
    kind: str  # "url", "number", "citation"


def links_in(text: str) -> list[Link]:
    """Find every URL, numbered reference and formal citation."""
    result = list(_urls(text)) if "." in text else []
    if any(entry.isdigit() for entry in text):
        for pattern, kind in ((_NUMBERED, "number"), (_CITATION, "citation")):
            for match in islice(pattern.finditer(text), _MANY):
                if not any(link.start < match.end() and match.start() < link.end for link in result):
                    result.append(Link(match.start(), match.end(), match.group(), kind))
    return sorted(result)[:_MANY]


def _urls(text: str) -> Iterator[Link]:
    for match in islice(_URL.finditer(text), _MANY):
        url = match.group().rstrip(_TAIL)
        if url.count("(") > url.count(")"):
            url += ")" if text[match.start() + len(url) :].startswith(")") else ""
        yield Link(match.start(), match.start() + len(url), url, "url")


def unsupplied(links: list[Link], url: str, supplied: str) -> list[Link]:
    """Return the links that neither the user's URL, nor supplied text, nor the allow-list accounts for.

    A bare host is no claim, nor is the user's URL with another scheme, a fragment, a query, or cut short.
    """
    own, given = _bare(url), supplied.casefold()
    return [link for link in links if not _is_known(link, own, given)]


def _is_known(link: Link, own: str, given: str) -> bool:
    if link.text.casefold() in given:
        return True
    if link.kind != "url":
        return False
    bare = _bare(link.text)
    host, _, path = bare.partition("/")
    if not path or bare in given or any(bare.startswith(allowed) for allowed in _allowed()):
        return True
    base = bare.partition("?")[0].partition("#")[0].rstrip("/")
    mine = own.partition("?")[0].rstrip("/")
    if not mine or host != mine.partition("/")[0]:
        return False
    alike = SequenceMatcher(None, mine, base, autojunk=False)
    return mine.startswith(base) or (alike.quick_ratio() >= _MANGLED and alike.ratio() >= _MANGLED)


def _bare(url: str) -> str:
    return url.casefold().partition("://")[-1].removeprefix("www.").rstrip("/") if "://" in url else (
        url.casefold().removeprefix("www.").rstrip("/")
    )  # fmt: skip


@cache
def _allowed() -> tuple[str, ...]:
    return tuple(tomllib.loads(Path(__file__).with_name("links.toml").read_text("utf-8"))["allowed"])
