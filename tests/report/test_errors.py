"""`conformance errors`: every case with how it is known, in four formats; docs/errors.md is what it prints."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.providers import load_providers
from conformance.report import errors_table
from conformance.rules.schema_findings import is_valid

if TYPE_CHECKING:
    from collections.abc import Callable

    from world import World

    from conformance.providers import Provider

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def rows_once() -> Callable[..., Any]:
    """The table's rows, read from the cassettes by the first command that asks for them: reading them takes seconds."""
    known: dict[tuple[tuple[str, ...], Path], Any] = {}

    def rows(providers: list[Provider], cassettes: Path) -> Any:
        key = (tuple(provider.name for provider in providers), cassettes)
        if key not in known:
            known[key] = list(errors_table.error_rows(providers, cassettes))
        return known[key]

    return rows


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, rows_once: Callable[..., Any]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("conformance.cli.errors.error_rows", rows_once)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["errors", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_the_page_in_docs_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    stale = "run `conformance errors --format md > docs/errors.md`"
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == printed(capsys, "--format", "md"), stale


@pytest.mark.usefixtures("here")
def test_every_documented_case_is_in_the_json_and_the_json_has_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    table = json.loads(printed(capsys, "--format", "json"))
    assert is_valid("errors-table", table)
    documented = [row for row in table["errors"] if row["known"] == "documented"]
    cases = [case for provider in load_providers().values() if not provider.abstract for case in provider.errors.cases]
    assert len(documented) == len(cases)
    assert any(row["known"] == "recorded" for row in table["errors"])


@pytest.mark.usefixtures("here")
def test_the_html_page_is_one_file_that_loads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "--format", "html")
    assert "<script" not in page
    assert re.findall(r"\bsrc=|@import|url\(", page) == []
    ids, links = set(), set()

    class Reader(HTMLParser):
        def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            ids.add(given.get("id"))
            if (target := given.get("href") or "").startswith("#"):
                links.add(target[1:])

    Reader().feed(page)
    assert links <= ids


@pytest.mark.usefixtures("here")
def test_a_table_of_markdown_has_as_many_cells_in_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--format", "md").splitlines()
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("|")}
    assert widths == {7, 10}


def test_what_a_cassette_shows_is_marked_by_its_evidence(world: World) -> None:
    body = {"error": {"message": "Slow down.", "type": "requests", "code": "rate_limit_exceeded"}}
    world.cassette(body, status=429)
    world.cassette(body, probe="stream", status=429, evidence="emulated")
    result = world.call("errors", "fake", "--providers", "providers", "--format", "json")
    assert result.code == 0
    rows = json.loads(result.out)["errors"]
    assert [(row["error"], row["known"], row["source"]) for row in rows] == [
        ("rate_limited", "emulated", "cassettes/fake/m/openai-chat/stream.emulated.yaml"),
        ("rate_limited", "recorded", "cassettes/fake/m/openai-chat/plain.yaml"),
    ]


def test_an_unknown_provider_is_refused_on_one_line(world: World) -> None:
    result = world.call("errors", "fakee", "--providers", "providers")
    assert result.code == 3
    assert "provider 'fakee' is unknown" in result.err
    assert "did you mean fake?" in result.err
