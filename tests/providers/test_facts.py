"""The table of facts: what a TOML states is shown with its source, what it leaves open is called unknown, and the page is fresh."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.cli import main
from conformance.errors import UnusableInputError
from conformance.providers import Provider, load_providers
from conformance.providers.facts import HOWS, UNKNOWN, facts_of
from conformance.providers.toml_lines import parse_toml, read_text
from conformance.report.providers_page import as_json, page
from conformance.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVIDERS = load_providers()
CONCRETE = {name: provider for name, provider in PROVIDERS.items() if not provider.abstract}
PAGE = Path(__file__).parents[2] / "docs" / "providers.md"

MINE = """\
name = "mine"
extends = "openai-compatible"
base_url = "https://llm.example/v1"
auth = { header = "Authorization", scheme = "Bearer", env = "MINE_API_KEY" }
source = "https://llm.example/docs"
how = "docs"
read = 2026-11-21

[models.m]
context = 4096
source = "mine==1.0"
how = "code"
read = 2026-11-20

[stream]
terminator = "eof"
source = "3 recorded streams"
how = "recorded"
read = 2026-11-19

[errors]
source = "https://llm.example/errors"
how = "docs"
read = 2026-11-18

[[errors.case]]
when = "bad_key"
status = 401
code = "wrong_key"
retryable = false
source = "https://github.com/mine/mine/issues/1"
how = "report"
confidence = "medium"
"""


@pytest.fixture
def mine(tmp_path: Path) -> tuple[Provider, dict[str, Provider]]:
    (tmp_path / "mine.toml").write_text(MINE, "utf-8")
    (tmp_path / "child.toml").write_text('name = "child"\nextends = "mine"\n', "utf-8")
    providers = load_providers(tmp_path)
    return providers["mine"], providers


def test_the_page_is_what_the_command_prints_today() -> None:
    """Mended by `conformance providers --format md > docs/providers.md`."""
    assert PAGE.read_text("utf-8") == page(CONCRETE, PROVIDERS)


def test_a_stated_fact_has_its_value_how_source_and_day(mine: tuple[Provider, dict[str, Provider]]) -> None:
    facts = {(fact.group, fact.name): fact for fact in facts_of(*mine)}
    ends = facts["stream", "ends with"]
    assert (ends.value, ends.how, ends.source, str(ends.read)) == (
        "eof",
        "recorded",
        "3 recorded streams",
        "2026-11-19",
    )
    refused = facts["errors", "bad_key"]
    assert (refused.value, refused.how, refused.confidence) == ("401 wrong_key", "report", "medium")
    assert facts["models", "m: context"].how == "code"
    assert facts["provider", "base URL"].how == "docs"


def test_what_only_the_abstract_parent_says_is_unknown(mine: tuple[Provider, dict[str, Provider]]) -> None:
    unknown = {(fact.group, fact.name) for fact in facts_of(*mine) if fact.value is None}
    assert {
        ("stream", "role"),
        ("errors", "envelope"),
        ("wire", "id"),
        ("timing", "output tokens per second"),
    } <= unknown
    assert {("errors", "unknown_model"), ("provider", "capabilities"), ("models", "m")} <= unknown
    assert ("stream", "ends with") not in unknown


def test_what_another_provider_hands_down_is_known(mine: tuple[Provider, dict[str, Provider]]) -> None:
    _, providers = mine
    assert facts_of(providers["child"], providers) == facts_of(providers["mine"], providers)


def test_a_source_that_does_not_say_how_it_was_read_is_unverified(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.replace('how = "recorded"\n', ""), "utf-8")
    providers = load_providers(tmp_path)
    facts = {fact.name: fact for fact in facts_of(providers["mine"], providers)}
    assert facts["ends with"].how == "unverified"


def test_a_way_that_nobody_knows_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.replace('how = "recorded"', 'how = "seen"'), "utf-8")
    with pytest.raises(UnusableInputError, match=r"mine\.toml:18: stream.how is .seen.*recorded"):
        load_providers(tmp_path)


def test_each_source_of_a_built_in_provider_says_how_it_was_read() -> None:
    silent = [
        f"{provider.file.name}: {table['source']}"
        for provider in PROVIDERS.values()
        for table in tables(parse_toml(read_text(provider.file), provider.file))
        if "source" in table and table.get("how") not in HOWS
    ]
    assert silent == []


def tables(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every table of a TOML document."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tables(part)


def test_the_ways_are_those_of_the_schema() -> None:
    assert load_schema("provider")["$defs"]["how"]["enum"] == list(HOWS)


def test_every_known_fact_of_a_built_in_provider_has_a_source_and_a_day() -> None:
    assert [
        (name, fact.name)
        for name, provider in CONCRETE.items()
        for fact in facts_of(provider, PROVIDERS)
        if fact.value is not None and (not fact.source or fact.read is None or fact.how not in HOWS)
    ] == []


def test_the_json_has_the_form_of_its_schema() -> None:
    document = as_json(CONCRETE, PROVIDERS)
    assert list(Draft202012Validator(load_schema("provider-facts")).iter_errors(document)) == []
    assert [each["name"] for each in document["providers"]] == list(CONCRETE)


def test_the_command_prints_one_provider_in_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["providers", "groq"]) == 0
    assert f"timing: queue: {UNKNOWN}" not in (text := capsys.readouterr().out)
    assert "errors: bad_key: 401 invalid_api_key (recorded, high confidence, read 2026-11-21)" in text
    assert main(["providers", "meta-llama"]) == 0
    assert f"stream: ends with: {UNKNOWN}" in capsys.readouterr().out
    assert main(["providers", "groq", "--format", "md"]) == 0
    assert "\n## groq\n" in capsys.readouterr().out
    assert main(["providers", "groq", "--format", "json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)["providers"]] == ["groq"]
