"""A provider whose dialects start at different addresses: each target is asked, and each recording attributed, at its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.providers import load_providers, parse_target
from conformance.runs.whose import provider_of
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from pathlib import Path

_TOML = """\
name = "mine"
base_url = "https://llm.example/v1"
base_urls = { ollama = "https://native.example" }
dialect = "openai-chat"
dialects = ["ollama"]
auth = { header = "Authorization", env = "MINE_API_KEY" }

[wire]
source = "invented"
read = 2026-11-21

[wire.ollama]
id = "answer-{hex:4}"
source = "invented"
read = 2026-11-21
"""


def test_a_dialect_has_its_own_base_url_and_wire(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_TOML)
    providers = load_providers(tmp_path)
    assert parse_target("mine/m", providers).base_url == "https://llm.example/v1"
    assert parse_target("mine/m@ollama", providers).base_url == "https://native.example"
    assert providers["mine"].wire.of_dialect("ollama").id == "answer-{hex:4}"


def test_a_recording_at_a_dialect_s_own_address_is_the_provider_s(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_TOML)
    mine = load_providers(tmp_path)["mine"]
    for url in ("https://llm.example/v1/chat/completions", "https://native.example/api/chat"):
        assert provider_of(Request("POST", url), [mine]) == "mine"
