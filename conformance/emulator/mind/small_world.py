"""The little that the emulated model knows: enough to answer simple questions as if it understood them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Fact:
    """An answer to whatever is asked with all of these words in it; `word` is the answer in one word or name."""

    words: frozenset[str]
    sentence: str
    word: str


def _fact(words: str, sentence: str, word: str) -> Fact:
    return Fact(frozenset(words.split()), sentence, word)


def _listed(*lines: str) -> tuple[str, ...]:
    return tuple("; ".join(lines).split("; "))


FACTS: Final = (
    _fact("sky", "The sky is blue on a clear day, because air scatters blue light most.", "blue"),
    _fact("grass", "Grass is green.", "green"),
    _fact("capital france", "The capital of France is Paris.", "Paris"),
    _fact("capital peru", "The capital of Peru is Lima.", "Lima"),
    _fact("capital norway", "The capital of Norway is Oslo.", "Oslo"),
    _fact("capital italy", "The capital of Italy is Rome.", "Rome"),
    _fact("eiffel tower", "The Eiffel Tower stands in Paris, France.", "Paris"),
    _fact("hamlet", "William Shakespeare wrote Hamlet.", "William Shakespeare"),
    _fact("leg spider", "A spider has eight legs.", "eight"),
    _fact("leg dog", "A dog has four legs.", "four"),
    _fact("year day", "A year has 365 days, and a leap year has 366.", "365"),
    _fact("dinner", "Dinner is fish stew with fresh bread.", "stew"),
    _fact("week day", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday.", "Monday"),
    _fact("season four", "Spring, summer, autumn, winter.", "spring"),
)
#: Kinds of things of which one or several are often asked for.
KINDS: Final = {
    "fruit": ("apple", "pear", "plum", "cherry", "apricot", "quince", "fig"),
    "colour": ("blue", "green", "amber", "violet", "grey"),
    "city": ("Oslo", "Lima", "Cairo", "Delhi", "Quito"),
    "animal": ("otter", "heron", "badger", "lynx", "hare"),
    "boat": ("Northern Heron", "Amber Tide", "Quiet Lantern", "Second Wind", "Copper Gull"),
    "cat": ("Pepper", "Clover", "Marble", "Juniper", "Biscuit"),
    "dog": ("Biscuit", "Rowan", "Bramble", "Otto", "Hazel"),
}
#: Parts of sentences for long texts: opening, subject, deed, thing.
OPENINGS: Final = _listed(
    "In the morning; Before the storm; Late that autumn; Year after year; On quiet days; At first light; Once in a while",
)
SUBJECTS: Final = _listed(
    "the keeper; an old fisherman; the wind; a lone gull; the harbour master; her daughter; the tide; a traveller; the carpenter",
    "every neighbour; the youngest child",
)
DEEDS: Final = _listed(
    "carried; remembered; painted; counted; mended; followed; watched over; spoke of; waited for; drew a map of; sang about",
    "looked after; returned to",
)
THINGS: Final = _listed(
    "the long stone wall; a lamp of green glass; the narrow stairs; forgotten letters; the grey water; two small boats",
    "a box of copper nails; the empty road; a garden of thistles; the far islands; a broken clock; letters from the north",
    "the last warm evening; a coat with brass buttons; seven white stones; the bell below the cliff; an unfinished song",
)
