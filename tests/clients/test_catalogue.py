"""The data of the client matrix: drivers, locks and environments that are there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from conformance.emulator.clients.catalogue import Client, capabilities, clients, environments, faulty_targets, named
from conformance.emulator.clients.environments import command, locks
from conformance.errors import UnusableInputError
from conformance.providers import load_providers, parse_target

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("client", clients().values(), ids=str)
def test_a_client_has_a_driver_and_a_place(client: Client) -> None:
    assert client.driver.is_file()
    assert client.environment.name in environments()
    assert client.lacks <= capabilities().keys()
    assert client.routes.keys() <= load_providers().keys()
    assert not client.host or load_providers()[client.host].hosting_of(client.dialect) is not None


@pytest.mark.parametrize("name", environments())
def test_an_environment_is_locked_by_hash_and_names_no_host(name: str) -> None:
    environment = environments()[name]
    texts = [path.read_text("utf-8") for path in locks(environment)]
    assert not any("://" in text for text in texts)
    if environment.node:
        manifest, lock = map(json.loads, texts)
        for package, version in manifest["dependencies"].items():
            assert lock["packages"][f"node_modules/{package}"]["version"] == version
            assert lock["packages"][f"node_modules/{package}"]["integrity"]
    else:
        pinned = re.findall(r"^([\w.-]+)(?:\[.*\])?==.* \\$", texts[0], re.MULTILINE)
        assert {each.lower() for each in environment.packages} <= set(pinned)
        assert texts[0].count("--hash=sha256:") >= len(pinned)


def test_every_dialect_of_a_client_has_a_target_that_its_faults_befall() -> None:
    assert {client.dialect for client in clients().values()} == faulty_targets().keys()
    for client in clients().values():
        target = parse_target(f"{client.befallen}@{client.dialect}", load_providers())
        assert client.dialect in target.provider.dialects
        assert client.handed in {client.dialect, "openai-chat"}


def test_every_capability_needs_what_a_toml_can_say() -> None:
    known = {word for each in load_providers().values() for word in each.capabilities}
    known |= {
        word for each in load_providers().values() for model in each.models.values() for word in model.capabilities
    }
    assert {need for each in capabilities().values() for need in each.needs} <= known


def test_an_unknown_client_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnusableInputError, match="known are ai-sdk-amazon-bedrock, "):
        named(["nobody"])


def test_an_environment_that_is_not_made_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableInputError, match="make clients"):
        command(next(iter(clients().values())))
