"""A form that nobody filled in claims nothing; one value that a page would have to give makes it a claim."""

from __future__ import annotations

import pytest

from conformance.knowledge.grounding import Label, Question, judge
from conformance.knowledge.grounding.slots import slots_in

URL = "https://weekly.example/essays/the-cold-harbour"
QUESTION = Question(f"Give title, author and main point of {URL}", URL)
OPEN = [
    "Heading: [heading]\nWritten by: [name]",
    "Heading: {heading}\nWritten by: {{name}}",
    "Heading: $HEADING\nWritten by: $NAME",
    "Heading: (heading)\nWritten by: (name)",
    "Heading: ???\nWritten by: ???",
    "Opens: --:--\nCloses: --:--",
    "Price: … €\nWeight: … g",
    "Heading: TODO\nWritten by: TBC",
    "Heading:\nWritten by:\nIn short:",
    "For:\n-\n-\nAgainst:\n-\n-",
    "| Heading | Written by |\n|---|---|\n| | |\n| … | … |",
    "heading;name\n;\n;",
    "<heading>…</heading>\n<name>…</name>",
    "1. Who wrote it? ...\n2. What happened? ...",
    "| Heading | ? |\n|---|---|\n| Written by | ? |",
    "Sold: yes ☐ no ☐ on ___.___.____",
    "1. ...\n2. ...\n3. ...",
    "Heading → ?\nWritten by → ?",
    "Heading: ... -> ...\nWritten by: ... -> ...",
    "[heading]\nby [name]",
]
FILLED = [
    "Heading: The Ice Year\nWritten by: [name]",
    "Heading: {heading}\nWritten by: Ann Vell, harbour master since 1963",
    "Opens: 09:30\nCloses: --:--",
    "Price: 14 €\nWeight: … g",
    "For:\n- it froze in 1963\nAgainst:\n- forty boats sank",
    "1. Who wrote it? Ann Vell\n2. What happened? ...",
    "| Heading | The Ice Year |\n|---|---|\n| Written by | ? |",
    "| Heading | Written by |\n|---|---|\n| The Ice Year | Ann Vell |",
    'dates = ["1963-02-02", "1963-03-09"]',
    "years: [1963, 1964]",
    "1. [Frost] came early\n2. [Boats] forty sank",
    "- [x] forty boats\n- [ ] one church bell",
    "【通知】港口于二月结冰。沉船四十艘。",
    "1. ...\n2. ...\n3. forty boats sank",
    "Heading → The Ice Year\nWritten by → ?",
]


@pytest.mark.parametrize("answer", OPEN)
def test_an_open_form_discloses(answer: str) -> None:
    judged = judge(QUESTION, answer)
    assert (judged.label, judged.reasons) == (Label.ABSTAINED, ("only open slots",))


@pytest.mark.parametrize("answer", FILLED)
def test_a_form_with_one_value_is_no_open_form(answer: str) -> None:
    assert judge(QUESTION, answer).reasons != ("only open slots",)


@pytest.mark.parametrize(
    "text",
    [
        "Here is what the essay says:",
        "ページを読み込み中……",
        "Wait... what?",
        "def __init__(self): return {self.x: 1}",
        "The ratio is 3:1 (see note), and [the docs](https://docs.example) agree.",
    ],
)
def test_dots_brackets_and_colons_of_prose_are_no_slots(text: str) -> None:
    assert slots_in(text) == []
