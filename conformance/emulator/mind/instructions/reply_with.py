"""The text that a prompt asks the model to say: "Reply with exactly: OK", "Antworte nur mit OK", 「OK」とだけ答えてください."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from conformance.emulator.mind.instructions.phrases import QUOTED, SENTENCE_END, languages

if TYPE_CHECKING:
    from random import Random

    from conformance.emulator.mind.instructions.phrases import Language

_COLONS: Final = (":", "：")  # noqa: RUF001
_MOST_TRIED: Final = 200  # verbs of a language
_LONGEST: Final = 400  # characters of a sentence that are looked at before and behind a verb
_CLAUSE: Final = 2000  # characters in which a text without quotes ends
_MOST_WORDS: Final = 12  # of a text without quotes and without a colon


def text_to_say(prompt: str, rng: Random) -> str | None:
    """Return the text that a prompt asks for word for word; None where it asks for none.

    Sentences that forbid, or that ask under a condition, ask for none. Of alternatives in quotes, or in single words, one is drawn.
    """
    for language in languages():
        for match in islice(language.asking.finditer(prompt), _MOST_TRIED):
            text = _wanted(language, prompt, match, rng)
            if text:
                return text
        if language.after is not None and (last := language.after.search(prompt)):
            text = _unquoted(last["text"])
            if not _is_hedged(language, prompt, last.start(), last.end()) and not language.begins(text, language.vague):
                return text
    return None


def _wanted(language: Language, prompt: str, match: re.Match[str], rng: Random) -> str | None:
    between, rest = match["between"].lower(), prompt[match.end() :]
    lead = _lead(prompt, match.start())
    if _is_hedged(language, prompt, match.start(), match.end()):
        return None
    colon = between.rstrip().endswith(_COLONS)
    strict = colon or language.holds(between, language.strict) or language.holds(lead[-12:], language.strict)
    quoted = QUOTED.match(rest)
    if quoted is not None:
        more = [found[0] for found in _alternatives(language, rest, quoted.end())]
        return rng.choice([_unquoted(text) for text in (quoted[0], *more)])
    if match["repeats"] and colon and strict:
        return rest.strip()
    text = _first_line(language, rest) if colon else _clause(language, rest[:_CLAUSE])
    named = strict or bool(match["verb"] and language.holds(between, language.with_))
    if not text or not named or language.begins(text, language.vague):
        return None
    return _one_of(language, text, rng, strict=strict)


def _one_of(language: Language, text: str, rng: Random, *, strict: bool) -> str | None:
    """Return a text, or one of the alternatives that it lists; None where it rather describes an answer."""
    words = text.split()
    if language.or_ and language.holds(text, language.or_):
        options = re.split(rf",\s*|(?:(?<!\s)\s++)?{_either(language)}\s*", text)
        single = [option.strip() for option in options if option.strip()]
        return rng.choice(single) if len(single) > 1 and all(len(option.split()) == 1 for option in single) else None
    return text if (strict and len(words) <= _MOST_WORDS) or len(words) == 1 else None


def _either(language: Language) -> str:
    return (
        "(?:"
        + "|".join(rf"\b{re.escape(word)}\b" if language.spaced else re.escape(word) for word in language.or_)
        + ")"
    )


def _alternatives(language: Language, rest: str, at: int) -> list[re.Match[str]]:
    """Return the quoted texts that follow the one that ends here, each behind a comma or an `or`."""
    border = re.compile(rf"(?=\s*+(?:,|{_either(language)}))\s*+(?:,\s*+)?{_either(language)}?\s*+", re.IGNORECASE)
    result: list[re.Match[str]] = []
    while (gap := border.match(rest, at)) and (following := QUOTED.match(rest, gap.end())):
        result.append(following)
        at = following.end()
    return result


def _lead(prompt: str, at: int) -> str:
    """Return what stands in the same sentence before a place."""
    start = max(0, at - _LONGEST)
    ends = [match.end() for match in SENTENCE_END.finditer(prompt, start, at)]
    return prompt[ends[-1] if ends else start : at]


def _is_hedged(language: Language, prompt: str, start: int, end: int) -> bool:
    """Whether the sentence forbids, or asks under a condition."""
    lead = _lead(prompt, start)
    closing = SENTENCE_END.search(prompt, end, end + _LONGEST)
    tail = QUOTED.sub("", prompt[end : closing.start() if closing else len(prompt)][:_LONGEST])
    return language.holds(lead, (*language.no, *language.if_)) or language.holds(tail, language.if_)


def _first_line(language: Language, rest: str) -> str:
    """Return the first line behind a colon, without the sentences that only say that nothing else is wanted."""
    line = rest.strip().split("\n", 1)[0]
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?。！？])\s*(?=\S)", line):  # noqa: RUF001
        if kept and language.begins(sentence, (*language.tails, *language.no)):
            break
        kept.append(sentence)
    text = " ".join(kept)
    return _trimmed(language, text if len(kept) > 1 else text.rstrip("。").removesuffix("."))


def _clause(language: Language, rest: str) -> str:
    """Return the words up to the end of the sentence."""
    closing = SENTENCE_END.search(rest)
    text = rest[: closing.start() if closing else len(rest)]
    return _trimmed(language, text if language.spaced else re.split(r"[，,；]", text)[0])  # noqa: RUF001


def _trimmed(language: Language, text: str) -> str:
    """Return a text without the words that end an instruction."""
    tails = "|".join(re.escape(tail) for tail in sorted(language.tails, key=len, reverse=True))
    head, dot, last = text.rpartition(".") if language.spaced else ("", "", text)
    whole = r"(?!\w)" if language.spaced else ""
    if tails and (tail := re.search(f"(?:{tails}){whole}", last, re.IGNORECASE)):
        text = head + dot + last[: tail.start()]
    return text.strip().strip(",，")  # noqa: RUF001


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if QUOTED.fullmatch(text) else text
