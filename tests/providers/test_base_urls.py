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


def test_what_differs_in_a_dialect_holds_there_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        _TOML.replace("[wire]", 'capabilities = ["n", "stop"]\n[models.m]\nwithout = ["stop"]\n[wire]', 1)
        + """
[differs.ollama]
auth = { header = "x-key", env = "MINE_API_KEY" }
capabilities = ["seed", "stop"]
envelope = "error-string"
source = "invented"
read = 2026-11-21
"""
    )
    providers = load_providers(tmp_path)
    usual, other = (parse_target(name, providers) for name in ("mine/m", "mine/m@ollama"))
    assert [target.auth.header for target in (usual, other) if target.auth] == ["Authorization", "x-key"]
    assert (usual.capabilities, other.capabilities) == ({"n"}, {"seed"})
    envelopes = [usual.provider.envelope_of(target.dialect) for target in (usual, other)]
    assert envelopes == ["error-object", "error-string"]


def test_a_provider_at_an_address_of_its_own_inherits_no_address_of_a_dialect(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_TOML)
    (tmp_path / "child.toml").write_text('name = "child"\nextends = "mine"\nbase_url = "https://child.example/v1"\n')
    assert parse_target("child/m@ollama", load_providers(tmp_path)).base_url == "https://child.example/v1"
