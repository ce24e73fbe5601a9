"""An answer in sentences and clauses, each with the cues it shows and what it does: discloses, asks, infers, asserts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.lexicon import letters_of

if TYPE_CHECKING:
    from conformance.knowledge.grounding.lexicon import Language, Token

_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"')\]]*+(?=\s|$)|[。！？；।؟]+[\"]?|(?<=[んすたい])が、|;(?=\s)|\n|(?<=\s)[-\u2013\u2014](?=\s)|\u2014"
)
_BLANK_LINE = re.compile(r"[ \t]*\n")
_DOTS = re.compile(r"\.{3,}")
#: Cue -> pattern over class letters (`lexicon.LETTERS`). p stands for "page or link or text".
_GRAMMAR = {
    "refuse": "Z|[UN].{0,4}z|z.{0,3}[UN].{0,3}i|z.{0,5}z",
    "disclose": "X|[UF][^B]{0,6}V|V[^B]{0,6}[UF]|i[^B]{0,6}N[^B]{0,4}V|N[^B]{0,5}V.{0,3}i|N.{0,3}i.{0,3}V|V.{0,6}N.{0,4}i"
    "|V.{0,4}i.{0,3}N|i.?N.{0,4}[mluA]",
    "unknown": "D|[UF].{0,8}[DJH]",
    "ask": "R.{0,8}[tmlcAO]|[tmlcO].{0,8}R|R.{0,3}i|i.{0,2}R|^.{0,3}y.{0,2}R|^V.{0,5}R",
    "basis": "J[^y]{0,5}[lcu]|[lcu].{0,5}J|J.{0,3}J",
    "hedge": "H",
    "claim": "K",
    "attribute": "A|[mtul].{0,2}S|O.{0,3}S|u.{0,2}d|[mA]J|O.{0,8}J",
    "author": "O",
    "general": "G",
    "silent": "Q|[mtul].{0,3}N.{0,2}S|N.{0,3}S.{0,2}[mtl]",
    "error": "E",
    "wait": "W",
    "unsafe": "z",
    "define": "d",
    "deliver": "r",
    "fiction": "f",
    "suppose": "s",
    "closing": "C",
    "offer": "P",
    "you": "y",
    "me": "i",
    "unable": "U",
    "failed": "F",
    "page": "[mtlu]",
    "handed": "J.{0,4}yR|J.{0,3}R",
}
_REPORT = re.compile("[mtluO].{0,3}S|u.{0,2}d")
_SERIOUS = frozenset({"disclose", "claim", "attribute", "basis", "hedge", "wait", "silent", "error"})
_CUES = tuple((name, re.compile(pattern)) for name, pattern in _GRAMMAR.items())


@dataclass(slots=True, eq=False)  # a unit is itself: two of the same words are two
class Unit:
    """A clause: characters [start, end), its class letters, its cues with where each stands, and what it does."""

    start: int
    end: int
    letters: str
    words: int
    cues: dict[str, tuple[int, int]] = field(default_factory=dict)
    does: str = "content"
    question: bool = False
    opens_list: bool = False
    paragraph: int = 0
    topical: int = 0  # longer words that the prompt does not hold and its language does not use everywhere
    wide: bool = False  # each character is a word
    joined: bool = False  # it goes on with the sentence of the unit before


def units_of(text: str, tokens: list[Token], spoken: tuple[Language, ...]) -> list[Unit]:
    """Split a text into units, in order, and say what each does.

    Args:
        text: the plain answer, lower case, its links masked.
        tokens: its tokens.
        spoken: the languages it is in.
    """
    result = letters_of(tokens, spoken)
    units: list[Unit] = []
    start, index, paragraph, joined = 0, 0, 0, False
    ends = [(match.start(), match.end()) for match in _END.finditer(text)]
    for stop, after in [*ends, (len(text), len(text))]:
        mine: list[tuple[str, int, int]] = []
        begin = start
        while index < len(result) and tokens[result[index][1]].start < max(stop, after):
            if result[index][0] == "B" and len(mine) > 1:  # "…, but …": what follows is a clause of its own
                units.append(_unit(text, tokens, mine, begin, paragraph, joined=joined))
                begin, mine, joined = tokens[result[index][1]].start, [], True
            elif (
                mine
                and mine[0][0] == "b"
                and "," in text[tokens[result[index - 1][2] - 1].end : tokens[result[index][1]].start]
            ):
                units.append(_unit(text, tokens, mine, begin, paragraph, joined=joined))  # "Although …, …": likewise
                begin, mine, joined = tokens[result[index][1]].start, [], True
            mine.append(result[index])
            index += 1
        if mine:
            units.append(_unit(text, tokens, mine, begin, paragraph, joined=joined))
            joined = text[stop:after].strip() in {";", "-", "\u2013", "\u2014", "；"}
        if text[stop:after] == "\n" and _BLANK_LINE.match(text, after):
            paragraph += 1
        start = after
    _assign(units)
    _set_apart(units)
    return units


def _unit(
    text: str, tokens: list[Token], mine: list[tuple[str, int, int]], begin: int, paragraph: int, *, joined: bool
) -> Unit:
    first, last = mine[0][1], mine[-1][2] - 1
    end = tokens[last].end
    tail = text[end : end + 3]
    letters = "".join([letter for letter, _, _ in mine])
    wide = len(tokens[first].word) == 1 and not tokens[first].word.isascii()
    if wide or "..." in letters and len(tokens[last].word) == 1 and not tokens[last].word.isascii():  # noqa: RUF021
        places = [match.span() for match in _DOTS.finditer(letters)]
        keep = [at for at in range(len(letters)) if not any(low + 2 <= at < high for low, high in places)]
        letters, mine = "".join([letters[at] for at in keep]), [mine[at] for at in keep]
    unit = Unit(max(begin, tokens[first].start), end, letters, last - first + 1, paragraph=paragraph, joined=joined)
    unit.wide = wide
    unit.question = "?" in tail or "？" in tail or "؟" in tail
    unit.opens_list = ":" in tail
    for name, pattern in _CUES:
        match = pattern.search(letters)
        if match:
            low, high = match.span()
            unit.cues[name] = (tokens[mine[low][1]].start, tokens[mine[high - 1][2] - 1].end)
    return unit


def _assign(units: list[Unit]) -> None:
    """Say what each unit does. A list that a hedged or general sentence opens is hedged or general with it."""
    scope, scope_end, before, admitted = "", -1, "", False
    for unit in units:
        unit.does = _alone(unit)
        admitted = admitted or unit.does in {"disclose", "ask"}
        if admitted and unit.does in {"content", "assert"} and unit.letters[0] in "VR":
            unit.does = "advice"  # "Open the video and click …": what the reader can do
        elif admitted and unit.does == "assert" and "you" in unit.cues and "S" not in unit.letters:
            unit.does = "advice"  # "Here are the steps that you can take"
        if unit.does == "content" and (
            (scope and unit.paragraph <= scope_end) or (unit.joined and before in {"infer", "general"})
        ):
            unit.does = scope or before
        elif unit.does in {"assert", "claim"}:
            scope = ""
        elif unit.does == "infer" and "general" in unit.cues and before == "general":
            unit.does = before
        if unit.opens_list and unit.does in {"infer", "general", "ask", "advice", "disclose"}:
            hedged = "hedge" in unit.cues or "basis" in unit.cues
            scope = {"ask": "advice", "disclose": "infer" if hedged else ""}.get(unit.does, unit.does)
            scope_end = unit.paragraph + 1
        before = unit.does


def _set_apart(units: list[Unit]) -> None:
    """Set apart content that an answer owns up to as invented or as an example: it claims nothing of the page.

    "I can't open it. Purely invented: …" is such; "the article tells of a fictional town" is not, for there the page is the subject.
    """
    admits = any(unit.does in {"disclose", "ask"} for unit in units)
    open_now = False
    for unit in units:
        reported = {"attribute", "author", "claim"} & unit.cues.keys()
        if "fiction" in unit.cues and not reported and (admits or {"me", "you"} & unit.cues.keys()):
            open_now = True
            if unit.does in {"content", "assert"}:
                unit.does = "fiction"
        elif open_now and unit.does in {"content", "assert", "infer"} and admits:
            unit.does = "fiction"
        elif admits and "suppose" in unit.cues and unit.does in {"content", "assert"} and not reported - {"attribute"}:
            unit.does = "suppose"


def _is_reported(unit: Unit) -> bool:
    """Whether a disclosure belongs to the page: "the article says that it cannot be opened"."""
    admitted = min(unit.cues[name][0] for name in ("disclose", "unknown") if name in unit.cues)
    reported = _REPORT.search(unit.letters)
    return (
        reported is not None
        and "me" not in unit.cues
        and "attribute" in unit.cues
        and unit.cues["attribute"][0] < admitted
    )


def _is_to_the_reader(unit: Unit) -> bool:
    """Whether a sentence that holds words of giving and of text asks the reader for it, and does not tell of somebody who gives."""
    letters = unit.letters
    asked = unit.question or "me" in unit.cues or "R" in letters[: 6 if letters[0] == "V" else 4]
    return asked or ("y" in letters[:3] and "R" in letters[:8]) or (unit.wide and "you" in unit.cues)


def _alone(unit: Unit) -> str:  # noqa: C901, PLR0911, PLR0912 - one table of precedence, read from the top
    cues = unit.cues
    if "refuse" in cues and "disclose" not in cues:
        return "refuse"
    if "closing" in cues and unit.words <= (30 if unit.wide else 14) and not _SERIOUS & cues.keys():
        return "closing"  # a polite line, not a sentence that happens to hold a polite word
    if "claim" in cues and "N" not in unit.letters[: unit.letters.find("K") + 1]:
        return "claim"
    if "disclose" in cues or "unknown" in cues:
        return "assert" if _is_reported(unit) else "disclose"
    if "ask" in cues and _is_to_the_reader(unit):
        return "ask"
    if "wait" in cues and "attribute" not in cues:
        return "wait"
    if "silent" in cues:
        return "silent"
    if "offer" in cues and unit.question:
        return "offer"
    attributed = cues.get("attribute")
    hedge = cues.get("hedge")
    if unit.question and attributed and "basis" not in cues:
        return "question"  # "What does the page say?"
    if attributed and (hedge is None or hedge[0] > attributed[1]) and "basis" not in cues:
        return "assert"
    if hedge or ("basis" in cues and not attributed):
        return "infer"
    if "general" in cues:
        return "general"
    if attributed:
        return "assert"
    if unit.question:
        return "question"
    if "error" in cues and ("page" in cues or unit.words < 12):  # noqa: PLR2004 - a notice is short
        return "error"
    if "you" in cues:
        return "advice"
    return "content"
