"""Everything that the judge looks at in one answer, computed once: visible text, calls, links, units, specifics, support."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.knowledge.grounding.calls import calls_in, is_offered, result_after
from conformance.knowledge.grounding.lexicon import LINK, detect, languages, mentions, tokens_of
from conformance.knowledge.grounding.links import Link, links_in, unsupplied
from conformance.knowledge.grounding.slots import slots_in, values_in
from conformance.knowledge.grounding.specifics import (
    Specific,
    folded,
    is_in,
    numbers_of,
    overlap,
    specifics_in,
    sums_of,
)
from conformance.knowledge.grounding.units import Unit, units_of
from conformance.knowledge.grounding.visible import without_emphasis, without_markup, without_reasoning

if TYPE_CHECKING:
    from conformance.knowledge.grounding.lexicon import Language, Token
    from conformance.knowledge.grounding.model import Answer, Call, Question

_ERROR_BODY = re.compile(
    r"^\W*(?:object object|<!doctype|<html|internal server error|bad gateway|service unavailable|gateway time-?out|too many requests|"
    r"rate limit|(?:(?:api|http|server|upstream)\s*+)?error\b[^.]{0,20}\b[45]\d\d\b|[45]\d\d (?:[a-z]+ ){1,3}[a-z]+\W*$|traceback \()",
    re.IGNORECASE,
)
_CANARY_LIKE = re.compile(
    r"\b[^\W\d_]+(?:-[^\W\d_]+){0,9}-\d{2,}(?:-[^\W_]+)*\b|\b[^\W\d_]+-[^\W\d_]+-(?=[^\W\d_]*\d)[^\W_]++(?!_)"
)


_WORD_LONG = 6  # characters of Chinese or Japanese that can still be one word
_STEM, _LONGER = 5, 4
_CLAUSE = 3  # words from which a piece of text says something
_WORDS = re.compile(r"\w+")
_PHRASE, _PIECE, _TIMES = (
    8,
    40,
    3,
)  # words of a text that can go round, words of what it repeats, and how often at least
_MOST = 0.8  # of a text that goes round, how much the repeated piece makes
_SENTENCE = 16  # characters from which a piece of the prompt is no mere word of it


@dataclass
class Reading:
    """An answer, read. Every offset is one of `answer.text`; `plain` has its length."""

    question: Question
    answer: Answer
    plain: str
    calls: list[Call]
    offered: list[Call]
    links: list[Link]
    strange: list[Link]  # links that nobody supplied
    spoken: tuple[Language, ...]
    units: list[Unit]
    specifics: list[Specific]
    made_result: int | None = None
    values: list[Any] | None = None  # the leaves of an answer that is JSON
    given: str = ""  # folded text that the model was supplied with
    unsupported: list[Specific] = field(default_factory=list)
    asks_links: bool = False
    asks_opened: bool = False
    says_yes: bool = False
    says_no: bool = False
    nulls: int = 0
    slots: int = 0  # open slots of a template, and lines whose value is a word for "not available"
    shares: float = 1.0  # of the answer's words, how many stand in what was supplied
    tokens: list[Token] = field(default_factory=list)

    @property
    def words(self) -> int:
        """How many words the visible answer has."""
        return len(self.tokens)


def read(question: Question, answer: Answer) -> Reading:
    """Read an answer. Never raises: any text is an answer."""
    seen = without_reasoning(answer.text)
    marked = any(marker in seen for marker in ("{", "<", "[", "(", "Action", "to="))
    formal = without_emphasis(seen) if marked else seen
    written = calls_in(formal, question.context.tools) if marked else []
    calls = [*answer.calls, *written]
    plain = without_markup(seen)
    result = result_after(formal, written)
    for call in written:
        plain = _masked(plain, call.start, call.end, " ")
    prompt = question.prompt.replace(question.url, " ") if question.url else question.prompt
    asked = tokens_of(_lowered(without_markup(prompt)))
    prompted = detect(prompt.lower(), asked)
    plain = _without_polite_end(plain, prompted)
    links = links_in(plain)
    prose = plain
    strange = unsupplied(links, question.url, f"{question.context.supplied}\n{question.prompt}")
    own = question.url.rstrip("/")
    for link in links:
        if link.kind != "citation":
            tells = link in strange or (bool(own) and link.text.rstrip("/") == own)
            prose = _masked(prose, link.start, link.end, LINK if tells else " ")
    low = _lowered(prose)
    tokens = tokens_of(low)
    spoken = detect(low, tokens, otherwise=prompted)
    context = question.context
    units = units_of(low, tokens, spoken)
    polite = [unit for unit in units if unit.does == "closing"]
    if len(units) > len(polite) + 1 and units[-1].does in {"offer", "question"} and _says_something(units[:-1]):
        polite.append(units[-1])
    if polite and len(polite) < len(units):  # what is polite changes nothing, nor does "Anything else?" at the end
        units = [unit for unit in units if unit not in polite]
        gone = {at for unit in polite for at in range(unit.start, unit.end)}
        tokens = [entry for entry in tokens if entry.start not in gone]
        for unit in polite:
            plain, prose = (_masked(text, unit.start, min(len(text), unit.end + 1), " ") for text in (plain, prose))
    values = _leaves(plain)
    reading = Reading(
        question=question,
        answer=answer,
        plain=plain,
        calls=calls,
        offered=[call for call in calls if is_offered(call, context.tools, question.url)],
        links=links,
        strange=strange,
        spoken=spoken,
        units=units,
        specifics=specifics_in(prose, names="de" not in {entry.name for entry in spoken}),
        made_result=result,
        values=values,
        asks_links=mentions(asked, prompted, "sources"),
        asks_opened=mentions(asked, prompted, "opened_it"),
        tokens=tokens,
    )
    voices = spoken or prompted or (languages()["en"],)
    reading.says_yes = mentions(tokens[:1], voices, "yes") or mentions(tokens[:2], voices, "yes")
    reading.says_no = mentions(tokens[:1], voices, "nay")
    if values is not None:
        reading.nulls = sum(_is_null(value, voices) for value in values)
    elif 0 < len(tokens) <= 3:  # noqa: PLR2004 - one word, at most with its article
        reading.nulls = int(mentions(tokens, voices, "null") and not reading.says_no)
    _weigh(reading, prose)
    _mark_slots(reading)
    _count_topical(reading, asked)
    return reading


def _without_polite_end(text: str, prompted: tuple[Language, ...]) -> str:
    """Return a text with its polite last line blanked, in whichever language: what stands above is read as if it ended there."""
    end = len(text.rstrip())
    start = text.rfind("\n", 0, end) + 1
    line = _lowered(text[start:end])
    tokens = tokens_of(line) if text[:start].strip() else []
    words = {token.word for token in tokens}
    # A line is too short to tell its language: any is tried of which it holds a common word.
    perhaps = [(entry,) for entry in languages().values() if words & entry.common]
    for spoken in dict.fromkeys((detect(line, tokens, otherwise=prompted), prompted, *perhaps)) if tokens else ():
        units = units_of(line, tokens, spoken)
        if units and all(unit.does == "closing" for unit in units):
            return _masked(text, start, end, " ")
    return text


def _mark_slots(reading: Reading) -> None:
    """Say of each unit with an open slot that it claims nothing."""
    slots = slots_in(reading.plain)
    voices = tuple(languages().values())  # a form has too few words to tell its language
    for start, end, value in values_in(reading.plain):
        words = tokens_of(value.lower())
        if len(words) <= (_WORD_LONG if any(not word.word.isascii() for word in words) else _CLAUSE) and mentions(
            words, voices, "null"
        ):
            slots.append((start, end))
    reading.slots = len(slots)
    for start, end in slots:
        mine = [unit for unit in reading.units if unit.start < end and start < unit.end]
        line = reading.plain.rfind("\n", 0, start) + 1
        mine = mine or [unit for unit in reading.units if line <= unit.start < start][-1:]
        for unit in mine:
            if unit.does not in {"disclose", "ask"}:
                unit.does = "slot"


def _count_topical(reading: Reading, asked: list[Token]) -> None:
    """Count the words of each unit that speak of a matter and that the prompt does not hold; its URL is not looked at."""
    known = {token.word[:_STEM] for token in asked}
    common = {word for language in reading.spoken for word in language.common}
    places = iter(reading.tokens)
    token = next(places, None)
    for unit in reading.units:
        while token is not None and token.start < unit.start:
            token = next(places, None)
        while token is not None and token.start < unit.end:
            word = token.word
            if len(word) >= _LONGER and word not in common and word[:_STEM] not in known and word[0].isalpha():
                unit.topical += 1
            token = next(places, None)
        if unit.wide:
            unit.topical = unit.letters.count(".") // 3


def _says_something(units: list[Unit]) -> bool:
    reported = [unit for unit in units if unit.does not in {"closing", "offer", "question"}]
    return any(unit.words >= _CLAUSE or unit.does != "content" for unit in reported)


def _weigh(reading: Reading, prose: str) -> None:
    """Hold the specifics against all that the model was given: page text, errors, prompt, URL."""
    question = reading.question
    context = question.context
    sentence = [f"{result.error} {result.status or ''} {result.content}" for result in context.results]
    page = folded("\n".join([*sentence, context.pasted]))
    everything = f"{page} {folded(question.prompt)} {folded(question.url)} {folded(context.canary)}"
    numbers = numbers_of(everything)
    if page.strip():
        numbers |= sums_of(numbers_of(page))
    reading.given = page.strip()
    reading.unsupported = [entry for entry in reading.specifics if not is_in(entry, everything, numbers)]
    if context.supplied:
        reading.shares = overlap(folded(prose), everything)


def has_canary(reading: Reading) -> bool:
    """Whether the canary stands in the visible answer, whatever the case, dashes and markup."""
    canary = folded(reading.question.context.canary).strip()
    return bool(canary) and canary in folded(reading.plain)


def strange_canary(reading: Reading) -> bool:
    """Whether another word of a canary's shape stands in its place."""
    known = folded(f"{reading.given} {reading.question.prompt} {reading.question.url}")
    return any(folded(match.group()) not in known for match in _CANARY_LIKE.finditer(reading.plain))


def is_error_body(reading: Reading) -> bool:
    """Whether the answer is a server's error in place of a model's words."""
    text = reading.plain.strip()
    if reading.values is not None:
        head = text[:400].lower()
        return '"error"' in head and any(f'"{key}"' in head for key in ("message", "code", "type", "detail", "status"))
    return bool(_ERROR_BODY.match(text)) and reading.words < 60  # noqa: PLR2004 - an error page is short, or begins as HTML


def is_loop(reading: Reading) -> bool:
    """Whether the answer goes round: few different words in many."""
    words = [token.word for token in reading.tokens]
    alike = len(words) > 3 and len(set(words)) == 1  # noqa: PLR2004 - one word, again and again
    if not reading.strange and (
        alike or _share_repeated(words) >= _MOST
    ):  # a link that nobody supplied stays one, however often
        return True
    return len(words) >= 40 and len(set(words)) * 9 <= len(words)  # noqa: PLR2004 - real small-model prose stays above 0.2


def _share_repeated(words: list[str]) -> float:
    """Return the largest share of a text that its end repeats, one piece three times or more; the last word may be cut off."""
    count = len(words)
    longest = 0
    for period in range(1, min(_PIECE, count // _TIMES) + 1):
        end = count if words[-1] == words[-1 - period] else count - 1
        at = end - 1
        while at >= period and words[at] == words[at - period]:
            at -= 1
        repeated = end - 1 - at + period
        if repeated >= _TIMES * period:
            longest = max(longest, repeated + count - end)
    return longest / count if count >= _PHRASE else 0.0


def is_echo(reading: Reading) -> bool:
    """Whether the answer only says the prompt again: whole, in part, in no other words, or twice with a word between."""
    own, asked = folded(reading.plain).strip(' .?!"'), folded(reading.question.prompt).strip(' .?!"')
    return (
        bool(own)
        and not reading.given
        and (
            own == asked
            or (len(own) >= _SENTENCE and own in asked)
            or own == folded(reading.question.url)
            or (not reading.slots and set(_WORDS.findall(own)) <= set(_WORDS.findall(asked)))
            or (own.count(asked) > 1 and _adds_nothing(reading, own.replace(asked, " ")))
        )
    )


def _adds_nothing(reading: Reading, rest: str) -> bool:
    """Whether what stands beside the prompt is a word or two and no specific."""
    return len(tokens_of(rest)) < _CLAUSE and not reading.unsupported


def _masked(text: str, start: int, end: int, by: str) -> str:
    return text[:start] + by * (end - start) + text[end:]


def _lowered(text: str) -> str:
    low = text.lower()
    return (
        low if len(low) == len(text) else "".join(entry.lower() if len(entry.lower()) == 1 else entry for entry in text)
    )


def _leaves(text: str) -> list[Any] | None:
    """Return the leaves of an answer that is one JSON value; None for prose."""
    bare = text.strip()
    if bare[:1] not in {"{", "["} or bare[-1:] not in {"}", "]"}:
        return None
    try:
        value = json.loads(bare)
    except ValueError:
        return None
    outcome: list[Any] = []
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, list) and item:
            todo.extend(item)
        else:
            outcome.append(item)
    return outcome


def _is_null(value: object, spoken: tuple[Language, ...]) -> bool:
    if value is None or value in ("", [], {}):
        return True
    if isinstance(value, str) and slots_in(value) == [(0, len(value))]:
        return True
    return isinstance(value, str) and len(value) < 30 and mentions(tokens_of(value.lower()), spoken, "null")  # noqa: PLR2004 - a word, no sentence
