"""Whose traffic `conformance audit` takes an exchange for: by option, address, folder and host."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from audited import MINE, TABLE, judged, row, rows

from conformance.providers import load_providers
from conformance.runs.whose import provider_in, provider_of
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.rules.table import Rule


@pytest.fixture(autouse=True)
def rules(table: dict[str, Rule]) -> None:
    """Put four rules in the place of the table: its own have their own tests."""
    table.clear()
    table.update({rule.id: rule for rule in TABLE})


@pytest.mark.parametrize(
    ("fields", "option", "provider"),
    [
        ({}, None, "mine"),
        ({"url": "https://api.other.example:443/v1/chat/completions"}, None, None),
        ({"url": "https://API.other.example/v1/chat/completions"}, None, "other"),
        ({"url": "https://elsewhere.example/v1/chat/completions"}, None, None),
        ({"provider": "stranger"}, None, "stranger"),
        ({"provider": "stranger"}, "mine", "mine"),
        ({}, "other", "other"),
    ],
)
def test_the_provider_is_the_option_s_else_the_exchange_s_else_the_host_s(
    tmp_path: Path, fields: dict[str, Any], option: str | None, provider: str | None
) -> None:
    _, (line,) = judged(rows(tmp_path / "a.jsonl", row(**fields)), provider=option)
    assert line["provider"] == provider


def test_of_providers_on_one_host_the_longest_base_path_is_asked() -> None:
    request = Request("POST", "http://h.example/openai/v1/chat/completions")
    bases = [
        replace(MINE, name=name, base_url=f"http://h.example/{path}")
        for name, path in (("a", "v1"), ("b", "openai/v1"), ("c", ""))
    ]
    assert provider_of(request, bases) == "b"


def test_an_unknown_provider_option_is_said_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (line,) = judged(rows(tmp_path / "a.jsonl", row("bad")), provider="mone")
    assert (code, line["provider"]) == (1, "mone")
    assert "provider 'mone' is unknown" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("libs/groq/cassettes/a.yaml.gz", "groq"),
        ("a/langchain-mistral/openai_x.yaml", "openai"),
        ("openrouter/streaming_anthropic_routed.yaml", "openrouter"),
        ("/src/vertex/a/b/c/test_mistral.yaml", "mistral"),
        ("a/b.yaml", None),
    ],
)
def test_where_the_address_was_withheld_the_folder_names_the_provider(source: str, name: str | None) -> None:
    assert provider_in(source, load_providers()) == name


def test_hosts_that_the_user_names_come_before_those_that_are_known(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row(), row(url="https://gw.corp.example:8443/v1/chat/completions"))
    _, lines = judged(path, hosts={"*.corp.example": "other"})
    assert [line["provider"] for line in lines] == ["mine", "other"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://my-resource.openai.azure.com/openai/deployments/d/chat/completions", "azure"),
        ("https://api.together.xyz/v1/chat/completions", "together"),
        ("http://localhost:11434/v1/chat/completions", "ollama"),
        ("https://openai.azure.com.example/v1/chat/completions", None),
        ("http://localhost:9/v1/chat/completions", None),
    ],
)
def test_a_provider_is_known_by_its_hosts_also_by_pattern_and_by_localhost(url: str, name: str | None) -> None:
    assert provider_of(Request("POST", url), load_providers().values()) == name
