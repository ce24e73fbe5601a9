"""What a run leaves: pages whose every link leads somewhere, one headline in all of them, and closing lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from pages import parse
from samples import cell, run
from world import RULE

from conformance.report.allure_html import headline_of
from conformance.report.closing import lines
from conformance.report.results import write_results

if TYPE_CHECKING:
    from pathlib import Path

    from world import World


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", RULE),
        ("-k", "sse.framing"),
        ("-k", RULE, "--alluredir", "reports/allure-results"),
        ("-k", RULE, "--probe", "plain"),
    ],
    ids=["one rule", "n/a", "allure", "one probe"],
)
@pytest.mark.parametrize("evidence", ["recorded", "emulated"])
def test_a_page_links_only_what_exists(world: World, arguments: tuple[str, ...], evidence: str) -> None:
    world.cassette(evidence=evidence)
    world.run(*arguments)
    reports = world.folder / "reports"
    pages = {path: parse(path.read_text("utf-8")) for path in (reports / "index.html", *reports.glob("*/*.html"))}
    ids = {path: {node.attrs["id"] for node in root.below if "id" in node.attrs} for path, root in pages.items()}
    for path, root in pages.items():
        for href in (node.attrs["href"] for node in root.find("a") if not node.attrs["href"].startswith("http")):
            link, _, inner = href.partition("#")
            target = (path.parent / unquote(link)).resolve() if link else path
            assert target.exists(), href
            assert not inner or inner in ids[target], href


def test_terminal_page_file_badge_and_allure_say_the_same_sentence(world: World) -> None:
    world.cassette()
    result = world.run("-k", RULE, "--alluredir", "allure")
    reports = world.folder / "reports"
    (said,) = {json.loads((reports / "results.json").read_text())["headline"]}
    assert re.fullmatch(r"1 target judged on recordings: conforms\. 1 of \d+ cells selected\.", said)
    assert result.out.splitlines()[2] == said
    assert parse((reports / "index.html").read_text()).only("h1").text == said
    assert said in (reports / "badge.svg").read_text()
    assert headline_of(world.folder / "allure") == said
    categories = json.loads((world.folder / "allure" / "categories.json").read_text())
    assert "emulated only: not known" in [each["name"] for each in categories]


def test_the_closing_lines_are_those_of_the_run_and_of_no_other(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert lines(path, 3) == ["exit code 3: the input cannot be used"]
    write_results(run(cell("a/m", "usage.sum", "fail"), exit_code=1), path)
    assert lines(path, 1) == ["1 target judged on recordings: 1 cell fails.", "exit code 1: 1 cell fails"]
    assert lines(path, 3) == ["exit code 3: the input cannot be used"]
    assert lines(path, 0) == ["exit code 0: conforms"]
