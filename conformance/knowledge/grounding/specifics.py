"""Checkable specifics of a text: numbers, quoted words, names. What a page would have to say for an answer to be right."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: A date as ISO 8601 writes it is one number; its month may stand as a word on the page.
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_NUMBER = re.compile(
    r"(?<![\w.])\d{4}-\d\d-\d\d\b|(?<![\w.])[-\u2212]?[$€£¥₹]?\d+(?:[.,:]\d+)*(?:\s?(?:%|‰|°|€|\$|£|¥))?"
)
#: Quoted words; a key of JSON and a link (masked) are none.
_QUOTED = re.compile(r'"([^"\n\ue000]{8,300})"(?!\s*:)')
_NAME = re.compile(
    r"(?<=[^\s.!?:\n*#|-] )(?:[A-Z][\w'&-]+)(?: (?:of|de|van|von|the|del|la|der) (?=[A-Z])| (?=[A-Z])|[A-Z][\w'&-]+)*"
)
_FEW = 12
_STEP = re.compile(r"(?m)^[ \t]*(?:\(?\d{1,2}[.):]|[-*•]\s*\d{1,2}[.)])\s")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩०१२३४५६७८९０１２３４５６７８９", "0123456789" * 3)
#: Capitalised words that are no name of anything on a page.
_COMMON = frozenset(
    {"I", "I'm", "I've", "I'd", "I'll", "AI", "URL", "URLs", "JSON", "HTML", "PDF", "HTTP", "HTTPS", "API", "GitHub"}
    | {
        "Google",
        "Docs",
        "YouTube",
        "OK",
        "README",
        "Internet",
        "English",
        "January",
        "February",
        "March",
        "April",
        "May",
    }
    | {"June", "July", "August", "September", "October", "November", "December"}
)
#: Words of a title that make no name and that an address leaves out: "The Cold Harbour" is `cold-harbour`.
_LITTLE = frozenset(
    {
        "the", "a", "an", "of", "and", "in", "on", "for", "to", "at", "it", "this", "that", "he", "she", "we", "they", "you",
        "le", "la", "les", "el", "los", "las", "o", "os", "as", "de", "del", "der", "die", "das", "van", "von", "et", "y", "e", "und",
    }
)  # fmt: skip


class Specific(NamedTuple):
    """A specific: characters [start, end), its text, and its kind."""

    start: int
    end: int
    text: str
    kind: str  # "number", "quote", "name"


def specifics_in(text: str, *, names: bool = True) -> list[Specific]:
    """Find numbers (list counters aside), quotations of eight characters and more, and, if asked, capitalised names."""
    steps = {match.end() - 1 for match in _STEP.finditer(text)} if "\n" in text or text[:2].strip().isdigit() else set()
    numbers = [Specific(match.start(), match.end(), match.group(), "number") for match in _NUMBER.finditer(text)]
    result = [entry for entry in numbers if not any(entry.start <= end <= entry.end + 2 for end in steps)]
    if '"' in text:
        result.extend(
            Specific(entry.start(1), entry.end(1), entry.group(1), "quote") for entry in _QUOTED.finditer(text)
        )
    if names:
        result.extend(
            Specific(entry.start(), entry.end(), entry.group(), "name")
            for entry in _NAME.finditer(text)
            if entry.group() not in _COMMON and not _LITTLE.issuperset(entry.group().casefold().split())
        )
    return result


def folded(text: str) -> str:
    """Return text as it is compared: NFKC, case and dashes folded, spaces and markup collapsed, digits of any script as ASCII."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_DIGITS)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return re.sub(r"[\s*`_\"'\u2018\u2019\u201c\u201d«»]+", " ", text)


def is_in(specific: Specific, given: str, numbers: frozenset[str]) -> bool:
    """Whether a specific stands in what was given (`folded`), a number also when written in another way or converted."""
    date = _ISO_DATE.fullmatch(specific.text)
    if date:
        return {_plain(date[1]), _plain(date[3])} <= numbers
    if specific.kind == "number":
        own = numbers_of(folded(specific.text))
        return all(any(same in numbers for same in _ways(number)) for number in own)
    text = folded(specific.text).strip(" .,;:!?")
    return text in given or (
        specific.kind == "name" and all(word in _LITTLE or word.rstrip("s") in given for word in text.split())
    )


def numbers_of(text: str) -> frozenset[str]:
    """Return every number of a folded text, group separators and trailing zeros dropped."""
    return frozenset(_plain(match) for match in re.findall(r"\d+(?:[.,:]\d+)*", text))


def _plain(number: str) -> str:
    number = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    number = re.sub(r":00$", "", number)
    return (number.rstrip("0").rstrip(".") if "." in number else number).lstrip("0") or "0"


def _ways(number: str) -> list[str]:
    """The same amount in another unit: seconds and milliseconds, minutes and hours, the afternoon on a clock of 24 hours."""
    ways = [number]
    if number.isdigit() and len(number) < 10:  # noqa: PLR2004 - more digits are an id
        value = int(number)
        ways += [str(value * factor) for factor in (1000, 60)] + ([str(value + 12)] if 0 < value < 12 else [])  # noqa: PLR2004
        ways += [str(value // factor) for factor in (1000, 60) if value and value % factor == 0]
    return ways


def sums_of(numbers: frozenset[str]) -> frozenset[str]:
    """Return what two numbers add up to or differ by; nothing where there are so many that any number would do."""
    values = sorted({int(entry) for entry in numbers if entry.isdigit() and len(entry) < 10})  # noqa: PLR2004 - more digits are an id
    if len(values) > _FEW:
        return frozenset()
    pairs = [(low, high) for at, low in enumerate(values) for high in values[at + 1 :]]
    result = {low + high for low, high in pairs} | {high - low for low, high in pairs}
    return frozenset(str(entry) for entry in result if entry > _FEW)


def overlap(answer: str, given: str) -> float:
    """Share of an answer's longer words that stand, by their first five letters, in what was given; 1.0 where it has none.

    Both folded. Scripts without spaces are compared by pairs of characters.
    """
    words = _WORD.findall(answer)
    if not words:
        return 1.0
    if sum(len(word) for word in words) > 12 * len(words) or re.search("[\u3040-\u30ff\u4e00-\u9fff]", answer):
        pairs = {answer[at : at + 2] for at in range(len(answer) - 1) if not answer[at : at + 2].isascii()}
        return sum(pair in given for pair in pairs) / len(pairs) if pairs else 1.0
    stems = {word[:5] for word in words}
    return sum(stem in given for stem in stems) / len(stems)
