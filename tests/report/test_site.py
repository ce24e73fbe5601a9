"""The report's pages: they load nothing, say what was not checked, and run nobody else's script."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import pytest
from jsonschema import Draft202012Validator
from pages import Node, parse
from samples import PROVOKER, TARGETS, cell, counted, every_verdict, finding, realistic, run

from conformance.knowledge.field import Entry, FieldRecord
from conformance.report.markup import anchor, file_of, marked, page_of
from conformance.report.matrix import LOOKS
from conformance.report.reasons import EXIT_CODES
from conformance.report.site import link_allure, write_site
from conformance.report.summary import probe_at_fault, reproduce
from conformance.rules.table import RULES
from conformance.schemas import load_schema, schema_registry
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Render = Callable[..., "Site"]

TARGET = TARGETS[0]


@dataclass
class Site(Node):
    """The parsed index.html, with every other page by its path from there."""

    pages: dict[str, Node] = field(default_factory=dict)

    def target(self, name: str = TARGET) -> Node:
        """Return the page of a target."""
        return self.pages[f"targets/{file_of(name)}"]

    @property
    def every(self) -> Iterator[Node]:
        """Yield all pages."""
        yield self
        yield from self.pages.values()


def written(folder: Path, results: dict[str, Any]) -> Site:
    """Write the pages of results into a folder and parse them."""
    index = parse(write_site(results, folder).read_text("utf-8"))
    pages = {path.relative_to(folder).as_posix(): parse(path.read_text("utf-8")) for path in folder.glob("*/*.html")}
    return Site(index.tag, index.attrs, index.children, pages)


@pytest.fixture
def page(tmp_path: Path) -> Render:
    """A function from results to the parsed pages."""
    return partial(written, tmp_path / "reports")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of the realistic sample: to write and read them takes two seconds."""
    return written(tmp_path_factory.mktemp("many"), realistic())


def matrices(root: Node) -> list[Node]:
    """Return both matrices: the judged targets, then those that are believed."""
    return root.find("table", **{"aria-describedby": "note"})


def rows(root: Node) -> list[Node]:
    """Return the lines of both matrices."""
    return [row for table in matrices(root) for row in table.only("tbody").find("tr")]


def squares(root: Node, target: str = TARGET) -> dict[str, Node]:
    """Return a target's squares by subject."""
    heads = [head.text for head in matrices(root)[0].only("thead").find("th")][1:]
    line = next(row for row in rows(root) if row.find("th")[0].find("a")[0].text == target)
    return dict(zip(heads, line.find("td"), strict=True))


def look(square: Node) -> str:
    classes = square.attrs["class"].split()
    return next(each.removeprefix("v-") for each in classes if each.startswith("v-"))


def article(root: Site, rule: str, target: str = TARGET) -> Node:
    return root.target(target).only("article", id=anchor(target, rule))


@pytest.mark.parametrize("results", [every_verdict(), realistic(), run(exit_code=0)], ids=["each", "many", "none"])
def test_the_samples_are_results(results: dict[str, Any]) -> None:
    schema = Draft202012Validator(load_schema("results"), registry=schema_registry())
    assert list(schema.iter_errors(results)) == []


def test_every_verdict_has_a_look_of_its_own_and_not_by_colour_alone() -> None:
    assert set(LOOKS) == set(Verdict)
    assert len({each.symbol for each in LOOKS.values()}) == len({each.name for each in LOOKS.values()}) == len(Verdict)


def test_a_square_counts_the_verdicts_of_its_subject(many: Site) -> None:
    results, root = realistic(), many
    for target in TARGETS:
        for subject, square in list(squares(root, target).items())[1:]:
            counts = counted(results, target, subject)
            shown = re.findall(r"([^\s\d])\s?(\d+) ([a-z/]+)", square.text)
            assert {(symbol, int(count), verdict) for symbol, count, verdict in shown} == {
                (LOOKS[Verdict(verdict)].symbol, count, verdict) for verdict, count in counts.items()
            }


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["pass", "fail", "inconclusive"], "fail"),
        (["pass", "skip", "inconclusive", "known"], "inconclusive"),
        (["pass", "skip"], "skip"),
        (["pass", "known"], "known"),
        (["pass", "emulated"], "emulated"),
        (["pass", "n/a"], "pass"),
        (["n/a"], "na"),
    ],
)
def test_the_worst_verdict_decides_the_look(page: Render, verdicts: list[str], expected: str) -> None:
    usage = [rule for rule in RULES if rule.startswith("usage.")]
    root = page(run(*(cell(TARGET, rule, verdict) for rule, verdict in zip(usage, verdicts, strict=False))))
    assert look(squares(root)["usage"]) == look(squares(root)["all"]) == expected


def test_only_what_was_checked_against_the_provider_is_green(many: Site) -> None:
    results, root = realistic(), many
    green = {
        (target, subject)
        for target in TARGETS
        for subject, square in list(squares(root, target).items())[1:]
        if look(square) == "pass"
    }
    assert green
    for target, subject in green:
        assert set(counted(results, target, subject)) <= {"pass", "n/a"}
        assert counted(results, target, subject)["pass"]


def test_a_subject_without_a_selected_rule_is_blank_and_says_so(page: Render) -> None:
    root = page(run(cell(TARGET, "usage.sum", "pass"), cell(TARGETS[1], "sse.utf8", "pass")))
    blank = squares(root)["sse"]
    assert (look(blank), blank.text, blank.find("a")) == ("none", "no rule selected", [])


def test_table_heads_say_what_they_head(page: Render) -> None:
    root = page(every_verdict())
    scopes = {(node.attrs.get("scope"), node.tag) for node in root.find("th")}
    assert scopes == {("col", "th"), ("row", "th")}
    assert root.find("caption")


def test_every_link_leads_somewhere_and_ids_are_unique(page: Render) -> None:
    root = page(realistic((*TARGETS, "groq/a model:free", "groq/ä", "@cf/x%2Fy")))
    ids = {"index.html": [], **{path: [] for path in root.pages}}
    for path, node in (("index.html", root), *root.pages.items()):
        ids[path] = [below.attrs["id"] for below in node.below if "id" in below.attrs]
        assert len(ids[path]) == len(set(ids[path]))
    for path, node in (("index.html", root), *root.pages.items()):
        for href in (link.attrs["href"] for link in node.find("a")):
            if href.startswith("http"):
                continue
            link, _, inner = href.partition("#")
            name = unquote(urljoin(path, link)) if link else path
            assert name in ids, href
            assert not inner or inner in ids[name], href
            assert re.fullmatch(r"[\w./@:!~%#=,+-]+", href, re.ASCII), href


def test_a_square_leads_to_the_rules_of_its_subject(page: Render) -> None:
    root = page(every_verdict())
    subject = next(iter(RULES)).partition(".")[0]
    name, _, inner = squares(root)[subject].only("a").attrs["href"].partition("#")
    assert name == page_of(TARGET)
    group = root.target().only("div", id=inner)
    assert group.only("h3").text == subject
    assert group.find("article")


def test_each_rule_is_told_whole(page: Render) -> None:
    results = every_verdict()
    for each in results["cells"]:
        each["notices"] = ["the probe has changed since it was recorded"]
        each["reason"] = f"why this is {each['verdict']}"
    root = page(results)
    for each in results["cells"]:
        entry = article(root, each["rule"])
        rule = RULES[each["rule"]]
        for text in (each["rule"], each["severity"], each["verdict"], each["reason"], *each["notices"]):
            assert text in entry.text
        assert rule.sentence.replace("`", "") in entry.text
        assert rule.source in entry.text
        assert entry.only("p", class_="foot").find("code")[0].text == reproduce(
            TARGET, rule.id, probe=probe_at_fault(each)
        )
        for found in each["findings"]:
            assert f"{found['probe']} {found['message']}" in entry.text


def test_a_known_finding_is_marked_as_one(page: Render) -> None:
    mixed = [finding(known=True), finding("choices[0].index is missing, expected 0")]
    root = page(run(cell(TARGET, "choice.index", "fail", findings=mixed)))
    said = [item.text for item in article(root, "choice.index").find("li")]
    assert [line.endswith(" known") for line in said] == [True, False]


def test_a_reason_that_only_repeats_a_finding_is_said_once(page: Render) -> None:
    fails = cell(TARGET, "choice.index", "fail")
    assert fails["reason"] == f"{PROVOKER}: {fails['findings'][0]['message']}"
    assert article(page(run(fails)), "choice.index").text.count(fails["findings"][0]["message"]) == 1


def test_what_needs_no_eye_is_folded_away_and_nothing_else(page: Render) -> None:
    root = page(every_verdict()).target()
    folded = {
        node.attrs["data-verdict"] for fold in root.find("details", class_="folded") for node in fold.find("article")
    }
    every = {node.attrs["data-verdict"] for node in root.find("article")}
    assert folded == {"pass", "n/a", "emulated"}  # the emulated cell of the sample is clean
    assert every == set(Verdict)


def test_findings_below_fail_on_are_counted_where_they_are_folded(page: Render) -> None:
    noted = cell(
        TARGET, "schema.unknown_field", "pass", findings=[finding("x_groq is unknown, expected no such field")]
    )
    root = page(run(noted, cell(TARGET, "schema.chunk", "pass"))).target()
    assert (
        root.find("details", class_="folded")[0].find("summary")[0].text == "2 pass, 1 with findings that do not fail"
    )


def test_the_run_is_named_by_date_tool_threshold_and_exit_code(page: Render) -> None:
    root = page(every_verdict())
    facts = {
        group.find("dt")[0].text: group.find("dd")[0].text for group in root.only("dl", class_="facts").find("div")
    }
    assert facts == {
        "as of": "2026-11-21",
        "fails on": "error",
        "answers": "replayed offline",
        "targets": "1",
        "cells": "7",
        "made by": "llm-provider-conformance 0.1.0",
    }


@pytest.mark.parametrize("code", EXIT_CODES)
def test_the_exit_code_is_said_in_words(page: Render, code: int) -> None:
    results = run(cell(TARGET, "usage.sum", "pass"), exit_code=code)
    assert page(results).only(id="outcome").text == f"exit {code} {results['exit_reason']}"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [(["recorded"], ["recorded"]), (["live", "emulated"], ["emulated", "live"]), ([], ["no evidence"])],
)
def test_a_target_is_labelled_with_its_evidence(page: Render, evidence: list[str], expected: list[str]) -> None:
    root = page(run(cell(TARGET, "usage.sum", "pass", evidence=evidence)))
    for place in (rows(root)[0].find("th")[0], root.target().only("p", class_="outcome")):
        assert [node.text for node in place.find("span", class_="evidence")] == expected


def test_a_live_run_is_reproduced_live(page: Render) -> None:
    root = page(run(cell(TARGET, "usage.sum", "fail"), live=True))
    assert reproduce(TARGET, "usage.sum", live=True, probe=PROVOKER) in article(root, "usage.sum").text
    assert "asked live" in root.text


@pytest.mark.parametrize("place", ["target", "rule", "reason", "message", "probe", "notice", "tool"])
def test_a_script_in_a_finding_is_text(page: Render, place: str) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    results = run(cell(TARGET, "usage.sum", "fail"))
    (only,) = results["cells"]
    if place == "message":
        only["findings"][0]["message"] = evil
    elif place == "probe":
        only["findings"][0]["probe"] = evil
    elif place == "notice":
        only["notices"] = [evil]
    elif place == "tool":
        results["tool"] = evil
    elif place == "target":
        only["target"], results["targets"] = evil, [evil]
    else:
        only[place] = evil
    root = page(results)
    for each in root.every:
        assert len(each.find("script")) <= 1
        assert not each.find("img")
        assert not [node for node in each.below if any(name.startswith("on") for name in node.attrs)]
    assert evil in root.text


def test_only_http_addresses_become_links() -> None:
    text = "see https://example.com/a?b=1&c (read 2026-11-21); javascript:alert(1), `<b>`, http://x.example/y."
    assert str(marked(text)) == (
        'see <a href="https://example.com/a?b=1&amp;c" rel="noreferrer">https://example.com/a?b=1&amp;c</a>'
        " (read 2026-11-21); javascript:alert(1), <code>&lt;b&gt;</code>, "
        '<a href="http://x.example/y" rel="noreferrer">http://x.example/y</a>.'
    )


def test_a_page_loads_nothing_and_runs_its_own_script_only(many: Site) -> None:
    for root in many.every:
        assert not [node for node in root.below if "src" in node.attrs or node.tag in {"link", "iframe", "img"}]
        assert "url(" not in "".join(node.text for node in root.find("style"))
        (policy,) = [node.attrs["content"] for node in root.find("meta") if "http-equiv" in node.attrs]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
        scripts = root.find("script")
        digests = [base64.b64encode(hashlib.sha256(each.raw.encode()).digest()).decode() for each in scripts]
        assert re.findall(r"'sha256-(.*?)'", policy) == digests


def test_without_javascript_only_the_filter_is_missing(page: Render) -> None:
    root = page(every_verdict()).target()
    assert not [node for node in root.below if "hidden" in node.attrs]
    assert "#filter input[type=search], #filter input[type=checkbox]" in root.only("style").text


def test_the_filter_offers_the_verdicts_that_occur(page: Render) -> None:
    root = page(run(cell(TARGET, "usage.sum", "fail"), cell(TARGET, "sse.utf8", "n/a"))).target()
    assert [box.attrs["value"] for box in root.find("input", type="checkbox")] == ["fail", "n/a"]


def test_both_colour_schemes_define_the_same_colours(page: Render) -> None:
    style = page(every_verdict()).only("head").only("style").text  # a plot has its own
    light, dark = (set(re.findall(r"(--[\w-]+):", block)) for block in re.findall(r":root \{([^}]*)\}", style))
    assert light == dark
    assert set(re.findall(r"var\((--[\w-]+)\)", style)) <= light


def test_the_allure_page_is_linked_once_it_is_there(page: Render, tmp_path: Path) -> None:
    def links() -> list[str]:
        return [node.attrs["href"] for node in parse(path.read_text("utf-8")).only("nav").find("a")]

    page(every_verdict())
    path = tmp_path / "reports" / "index.html"
    assert "allure.html" not in links()
    link_allure(path, "allure.html")
    assert links()[-1] == "allure.html"
    link_allure(tmp_path / "elsewhere.html", "allure.html")
    assert not (tmp_path / "elsewhere.html").exists()


def test_a_rule_whose_module_is_not_loaded_is_still_listed(page: Render) -> None:
    root = page(run(cell(TARGET, "acme.own_rule", "fail"), cell(TARGET, "usage.sum", "pass")))
    assert list(squares(root)) == ["all", "usage", "acme"]
    assert "acme.own_rule" in article(root, "acme.own_rule").text


def test_a_run_without_cells_makes_a_page(page: Render) -> None:
    assert page(run(exit_code=3)).find("tbody") == []


def test_a_lone_surrogate_does_not_cost_the_page(page: Render) -> None:
    broken = finding("choices[0].\ud800 is unknown, expected no such field")
    assert "\\ud800 is unknown" in page(run(cell(TARGET, "usage.sum", "fail", findings=[broken]))).text
    assert page(run(cell("groq/\ud800", "usage.sum", "fail"))).pages


def test_no_page_of_an_earlier_run_is_left(page: Render, tmp_path: Path) -> None:
    page(realistic())
    root = page(every_verdict())
    assert {path.name for path in (tmp_path / "reports").iterdir()} == {"index.html", "targets", "rules", "history"}
    assert [name for name in root.pages if name.startswith("targets/")] == [f"targets/{file_of(TARGET)}"]


def test_keywords_are_listed_by_target_in_words(page: Render) -> None:
    results = {
        **run(cell(TARGET, "usage.sum", "pass")),
        "keywords": {TARGET: {"pattern": "enforced", "$ref": "refused"}},
    }
    table = page(results).only("section", **{"class": "keywords"}).only("tbody")
    assert [[part.text for part in row.find("th") + row.find("td")] for row in table.find("tr")] == [
        ["pattern", "enforced"],
        ["$ref", "refused"],
    ]


def test_what_is_believed_of_an_emulated_target_stands_in_a_section_of_its_own(page: Render) -> None:
    first, second = sorted(TARGETS)[:2]
    root = page(run(cell(first, "usage.sum", "emulated"), cell(second, "usage.sum", "pass"), exit_code=0))
    assert [row.find("th")[0].find("a")[0].text for row in rows(root)] == [second, first]
    believed = root.only("section", id="believed")
    assert not believed.find(class_="v-pass")
    assert "✓" not in believed.text
    assert "#believed" in [node.attrs["href"] for node in root.only("nav").find("a")]
    assert "Believed, not judged" in root.target(first).text
    assert "Believed, not judged" not in root.target(second).text
    assert first not in root.only("section", id="rely").only("table").text
    assert f"{first}: not known" in root.only("ul", class_="unknown").text


def test_a_page_without_emulated_targets_has_no_such_section(page: Render) -> None:
    root = page(run(cell(TARGET, "usage.sum", "pass"), exit_code=0))
    assert root.find(id="believed") == []
    assert "#believed" not in [node.attrs["href"] for node in root.only("nav").find("a")]


def test_every_sentence_of_the_headline_has_its_own_colour(page: Render) -> None:
    first, second = sorted(TARGETS)[:2]
    root = page(run(cell(first, "usage.sum", "emulated"), cell(second, "usage.sum", "pass"), exit_code=0))
    head = root.only("h1")
    assert head.text == (
        f"1 target judged on recordings: conforms. 1 only emulated: not known; conformance record {first} finds out."
    )
    assert [each.attrs["class"] for each in head.find("span")] == ["sentence-pass", "sentence-unknown"]
    assert root.only("title").text.replace("`", "") == head.text


def test_an_emulated_cell_shows_that_its_provider_deviates(page: Render) -> None:
    known = cell(TARGET, "usage.sum", "emulated", findings=[finding("is 3", known=True)])
    root = page(run(known, cell(TARGET, "usage.nonzero", "emulated"), exit_code=0))
    square = squares(root)["usage"]
    assert "deviates" in square.attrs["class"].split()
    assert "△1" in square.text
    details = root.target().find("details")
    assert not [node for node in details if "usage.sum" in node.text]
    assert [node for node in details if "usage.nonzero" in node.text]


def test_a_clean_capability_can_be_relied_on_and_another_cannot(page: Render) -> None:
    root = page(
        run(
            cell(TARGET, "usage.sum", "pass"),
            cell(TARGET, "tool_call.id_once", "fail"),
            cell(TARGET, "url.links_supplied", "skip"),
        )
    )
    table = root.only("section", id="rely").only("table")
    heads = [head.text for head in table.only("thead").find("th")][1:]
    words = dict(zip(heads, (square.text for square in table.only("tbody").find("td")), strict=True))
    assert words == {"tool calls": "✗ no: 1 rule fails", "usage": "✓ yes", "grounding": "○ not known"}


def test_the_first_run_has_nothing_to_compare_with_and_the_next_one_names_each_change(page: Render) -> None:
    first = page(
        run(cell(TARGET, "usage.sum", "pass"), cell(TARGET, "sse.utf8", "fail"), cell(TARGET, "n.count", "pass"))
    )
    assert "first run" in first.only("section", id="changed").text
    changed = page(
        run(cell(TARGET, "usage.sum", "fail"), cell(TARGET, "sse.utf8", "pass"), cell(TARGET, "n.count", "skip"))
    )
    text = changed.only("section", id="changed").text
    for words in ("1 newly failing usage.sum", "1 mended sse.utf8", "1 newly unchecked n.count"):
        assert words in text
    same = page(
        run(cell(TARGET, "usage.sum", "fail"), cell(TARGET, "sse.utf8", "pass"), cell(TARGET, "n.count", "skip"))
    )
    assert "Nothing: no cell has another verdict" in same.only("section", id="changed").text


def test_a_failure_comes_with_the_command_that_shows_it(page: Render) -> None:
    steps = page(run(cell(TARGET, "usage.sum", "fail"))).only("section", id="next").find("code")
    assert steps[0].text == f"conformance explain {TARGET}-usage.sum"


def test_failures_come_before_the_matrix(page: Render) -> None:
    root = page(run(cell(TARGET, "usage.sum", "fail"), cell(TARGET, "sse.utf8", "pass")))
    ids = [node.attrs.get("id") for node in root.find("section")]
    assert ids.index("failures") < ids.index("matrix")
    assert [node.attrs["data-verdict"] for node in root.only("section", id="failures").find("article")] == ["fail"]


def test_a_rule_has_a_page_with_its_requirement_source_and_targets(page: Render) -> None:
    rule = page(run(cell(TARGET, "usage.sum", "fail"))).pages["rules/usage.sum.html"]
    for words in (RULES["usage.sum"].sentence.replace("`", ""), RULES["usage.sum"].source.split()[0], TARGET):
        assert words in rule.text


def test_field_evidence_is_never_green(tmp_path: Path) -> None:
    entry = Entry("groq", "*", "openai-chat", "usage", 46, 0, None, None, 3)
    results = run(cell(TARGET, "usage.sum", "emulated"), exit_code=2)
    path = write_site(results, tmp_path, field=FieldRecord.of([entry]), keys=lambda _: ("groq", "m", "openai-chat"))
    believed = parse(path.read_text("utf-8")).only("section", id="believed")
    assert "0 of 46" in believed.text
    assert not believed.find(class_="v-pass")


def test_a_plain_answer_is_no_evidence_that_streaming_works(page: Render) -> None:
    root = page(run(cell(TARGET, "stream.only_when_asked", "pass"), cell(TARGET, "chunk.choices_required", "pass")))
    heads = [head.text for head in root.only("section", id="rely").only("thead").find("th")][1:]
    assert heads == ["answers"]
    assert [node.text for node in root.target().only("nav").find("b")] == ["answers"]
