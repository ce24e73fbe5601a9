"""The pages below docs/ hold: links lead somewhere, code blocks are of known forms, and a newcomer's commands end as the page says."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from test_printed_commands import parses
from test_readme import blocks, given

from conformance.errors import CONFORMS, FAILS, UNDECIDED
from conformance.providers import load_providers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from world import World

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: A page that a command writes has its own test, and thousands of lines.
GENERATED = {"clients.md", "errors.md", "providers.md", "python.md", "rules.md"}
WRITTEN = {name: text for name, text in PAGES.items() if name not in GENERATED}
#: The pages whose commands are run from top to bottom, in a project of its own.
STORIES = ("getting-started.md", "recording.md", "report.md", "audit.md", "troubleshooting.md")


def code(page: str, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(PAGES[page]) if language in languages]


def commands(page: str) -> Iterator[tuple[list[str], int | None]]:
    """Yield the words of each command of ours in a page's console blocks, and the exit code where one stands behind it."""
    for text in code(page, "console"):
        for line in text.splitlines():
            command, _, comment = line.removeprefix("$ ").partition("  #")
            command = command.partition(" > ")[0]
            if command.startswith("conformance "):
                code_ = re.fullmatch(r" exit (\d)", comment)
                yield shlex.split(command, comments=True), int(code_[1]) if code_ else None


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", PAGES[page]), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_between_our_files_leads_somewhere(page: str) -> None:
    text = BLOCK.sub("", PAGES[page])
    lost = []
    for path, anchor in re.findall(r"\]\((?!\w+:)([\w./%-]*)(?:#([\w-]+))?\)", text):
        name = path or page
        # An anchor of a page that a command writes is an id in HTML.
        known = not anchor or name not in WRITTEN or anchor in anchors(name)
        if not (DOCS / name).exists() or not known:
            lost.append((path, anchor))
    assert lost == []


@pytest.mark.parametrize("page", WRITTEN)
def test_every_code_block_is_what_its_language_says(page: str) -> None:
    for text in code(page, "toml"):
        tomllib.loads(text)
    for text in code(page, "json"):
        json.loads(text)
    for text in code(page, "yaml"):
        yaml.safe_load(text)
    for text in code(page, "python"):
        compile(text, page, "exec")


@pytest.mark.parametrize("page", WRITTEN)
def test_every_command_of_a_page_is_parsed(page: str) -> None:
    # What stands behind `--alluredir` is pytest's.
    ours = [words[: words.index("--alluredir")] if "--alluredir" in words else words for words, _ in commands(page)]
    assert [words for words in ours if not parses(words[1:])] == []


def asks(words: list[str]) -> bool:
    """Whether a command needs a provider, or does not end."""
    if words[1] in {"serve", "upgrade", "clients", "latency"}:
        return True
    return (words[1] == "record" or "--live" in words) and "--emulated" not in words


@pytest.mark.parametrize("page", STORIES)
def test_a_newcomer_s_commands_end_as_the_page_says(page: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Node takes seconds for Allure's page, which has tests of its own.
    monkeypatch.setattr("conformance.report.allure_html.find_node", lambda: None)
    given(world.folder)
    # A folder of cassettes as it is after the first recording.
    world.call("record", "groq/openai/gpt-oss-120b", "--emulated", "--probe", "plain")
    other = []
    for words, expected in commands(page):
        if asks(words):
            continue
        result = world.call(*words[1:])
        allowed = {CONFORMS, FAILS, UNDECIDED} if expected is None else {expected}
        if result.code not in allowed:
            other.append((shlex.join(words), result.code, result.err))
    assert other == []


def test_the_own_provider_probe_and_rule_are_those_that_readme_is_tested_with() -> None:
    assert (code("own.md", "yaml"), code("own.md", "python")) == (blocks("yaml"), blocks("python")[:1])
    assert code("own.md", "toml")[1] == blocks("toml")[0]


def test_the_own_deviation_is_one(tmp_path: Path) -> None:
    _, provider, deviation = code("own.md", "toml")
    (tmp_path / "acme.toml").write_text(provider + deviation, "utf-8")
    (listed,) = load_providers(tmp_path)["acme"].deviations
    assert listed.rule == "usage.sum"


def test_the_site_names_every_page_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = re.findall(r"([\w-]+\.md)$", text, re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) <= set(PAGES)
