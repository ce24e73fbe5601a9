"""The page and the Markdown of a comparison: self-contained, escaped, and true to the verdict."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from conformance.report.upgrade.markdown import as_markdown
from conformance.report.upgrade.page import bars, page
from conformance.report.upgrade.words import reasons
from conformance.rules.table import Severity
from conformance.verdicts.comparison import Answer, Change, Comparison, Fact, Kind, Side, Unknown

A = Side("a/m", "target", "a/m", "openai-chat", ("recorded",), 12, ("2026-11-21", "2026-11-21"))
B = replace(A, name="b/m", target="b/m")
HOSTILE = "<script>alert(1)</script> </summary> ``` | [x](http://evil.example) <img src=http://evil.example>"
BROKEN = Change(
    "rule", "usage.sum", Kind.NEWLY_BROKEN, Severity.ERROR, HOSTILE, "meters", "usage", "recorded", "keeps it", "breaks it",
    ("- A  200 /usage = 1", f"+ B  200 {HOSTILE}"), ("plain",), {"openai": "silent", "groq": "raises"}, "conformance run -k usage.sum",
)  # fmt: skip
ADDED = replace(BROKEN, id="shape.added x", about="shape", kind=Kind.CHANGED, severity=Severity.NOTE)
COMPARED = Comparison(
    A,
    B,
    date(2026, 11, 21),
    Severity.ERROR,
    (BROKEN, ADDED),
    (Unknown("latency", HOSTILE, "conformance latency b/m --record"),),
    (Fact("price", "1", HOSTILE, "worse", HOSTILE),),
    12,
    80,
    (HOSTILE,),
)


def test_the_page_loads_nothing_and_runs_no_script() -> None:
    html = page(COMPARED)
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert not re.search(r"<script|<img|<link|<iframe|<object|url\(|@import", html)
    assert "script-src" not in html, "without it, default-src forbids every script"


def test_what_was_received_is_text_on_the_page() -> None:
    html = page(COMPARED)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert html.count("<details") == html.count("</details>")


def test_what_was_received_is_text_in_markdown() -> None:
    text = as_markdown(COMPARED)
    assert "<script>" not in text.replace(f"+ B  200 {HOSTILE.replace('```', '``')}", "")
    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert fences == ["```diff", "```"], "a fence in an answer would end ours"


def test_the_verdict_is_on_every_output() -> None:
    for compared, words in (
        (COMPARED, "breaks"),
        (replace(COMPARED, changes=()), "safe"),
        (replace(COMPARED, changes=(replace(BROKEN, severity=Severity.WARNING),)), "safe with changes"),
        (replace(COMPARED, changes=(), unknown=(Unknown("x", "y", decides=True),)), "not known"),
        (replace(COMPARED, changes=(), b=replace(B, evidence=("emulated",))), "safe, emulated only"),
    ):
        assert f"<h1>{words}<br>" in page(compared)
        assert f" {words}: a/m → b/m" in as_markdown(compared).splitlines()[0]


def test_exit_codes_follow_the_verdict() -> None:
    codes = {
        Answer.BREAKS: COMPARED.exit_code,
        Answer.SAFE: replace(COMPARED, changes=()).exit_code,
        Answer.CHANGES: replace(COMPARED, changes=(replace(BROKEN, severity=Severity.WARNING),)).exit_code,
        Answer.NOT_KNOWN: replace(COMPARED, changes=(), unknown=(Unknown("x", "y", decides=True),)).exit_code,
    }
    assert codes == {Answer.BREAKS: 1, Answer.SAFE: 0, Answer.CHANGES: 0, Answer.NOT_KNOWN: 2}
    assert replace(COMPARED, changes=(), b=replace(B, evidence=("emulated",))).exit_code == 2


def test_a_break_outweighs_what_is_not_known() -> None:
    assert replace(COMPARED, unknown=(Unknown("x", "y", decides=True),)).answer is Answer.BREAKS


def test_there_are_at_most_five_reasons_and_never_none() -> None:
    many = tuple(replace(BROKEN, id=f"usage.sum{number}") for number in range(9))
    assert len(reasons(replace(COMPARED, changes=many))) == 5
    assert reasons(replace(COMPARED, changes=(), rules=0)) == ["No rule, answer, shape or fact got worse."]


def test_bars_count_each_change_once() -> None:
    assert sum(bar.total for bar in bars(COMPARED)) == 2
