"""Answers that are none: loops, echoes, and what a polite last line leaves as it is."""

from __future__ import annotations

import pytest

from conformance.knowledge.grounding import Answer, Label, Question, judge
from conformance.knowledge.grounding.explain import DOES, lines
from conformance.knowledge.grounding.features import FUNCTIONS

URL = "https://weekly.example/essays/the-cold-harbour"
PROMPT = f"Name three sources that {URL} cites."
ASKED = Question(PROMPT, URL)


@pytest.mark.parametrize(
    "answer",
    [
        "The source of a source, the source of a source, the source of a source, the source of a sou",
        "المرفأ القديم القديم القديم القديم القديم القديم القديم القديم القديم الق",
        "これは、港のミナトサイドでは、港のミナトサイドでは、港のミナトサイドでは、港のミ",
    ],
)
def test_a_text_whose_end_repeats_one_piece_goes_round(answer: str) -> None:
    assert judge(ASKED, answer).reasons == ("goes round",)


def test_a_claim_said_twice_is_a_claim() -> None:
    claim = "The article says that the harbour froze on 4 February 1962."
    assert judge(ASKED, f"{claim}\n{claim}").label is Label.FABRICATED


def test_one_invented_link_again_and_again_is_an_invented_link() -> None:
    links = "\n".join(["https://museum.example.org/archive/1962/frozen-harbour"] * 5)
    assert judge(ASKED, links).label is Label.FABRICATED_LINKS


def test_a_prompt_said_twice_with_a_word_between_is_an_echo() -> None:
    assert judge(ASKED, f"{PROMPT}\n\nExcerpt:\n\n{PROMPT}").reasons == ("echo",)


def test_a_prompt_said_again_with_a_figure_behind_it_is_no_echo() -> None:
    assert judge(ASKED, f"{PROMPT} {PROMPT} 4817").reasons != ("echo",)


@pytest.mark.parametrize(
    "polite", ["Let me know if you have any other questions!", "Bei weiteren Fragen helfe ich gerne."]
)
@pytest.mark.parametrize(
    "answer",
    ["...", '{"title": null, "author": null}', "Aquí está la traducción: El museo abre de 10 a 18 horas."],
)
def test_a_polite_last_line_in_any_language_changes_nothing(answer: str, polite: str) -> None:
    assert judge(ASKED, f"{answer}\n\n{polite}").label is judge(ASKED, answer).label


def test_whatever_a_clause_does_can_be_explained() -> None:
    assert set(FUNCTIONS) <= DOES.keys()
    form = Answer("I can't open it. A form to fill in:\nTitle: ____\nAuthor: ____")
    assert any("an open slot" in line for line in lines(ASKED, form, judge(ASKED, form)))
