"""Claims about the supply chain: every locked package is in the bill with its hashes; no example asks for rights that it does not use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tools.sbom import LOCKS, bill, node_components, python_components

ROOT = Path(__file__).parents[2]


def test_every_locked_package_is_in_the_bill_with_its_hashes() -> None:
    made = bill()
    names = {component["purl"] for component in made["components"]}
    assert len(names) == len(made["components"])
    for lock in LOCKS.values():
        pins = re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE
        )
        assert len(pins) > 5
        assert {f"pkg:pypi/{name.lower()}@{version}" for name, version in pins} <= {
            name.replace("%2B", "+") for name in names
        }
    assert all(
        component.get("hashes") or component["externalReferences"][0]["hashes"] for component in made["components"]
    )
    assert made["bomFormat"] == "CycloneDX"


def test_the_same_locks_give_the_same_bill() -> None:
    assert bill() == bill()


def test_a_line_without_a_hash_makes_no_bill() -> None:
    with pytest.raises(ValueError, match=r"x\.lock: 'a==1' has no version and hash"):
        list(python_components("a==1\n", "x.lock"))


def test_a_scoped_package_of_npm_has_its_scope() -> None:
    lock = {"packages": {"": {}, "node_modules/a/node_modules/@s/b": {"version": "1.0.0", "integrity": "sha512-AAAA"}}}
    assert [entry["purl"] for entry in node_components(lock)] == ["pkg:npm/%40s/b@1.0.0"]


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "github").glob("*.yml")), ids=lambda path: path.stem)
def test_a_workflow_names_its_rights_and_writes_only_what_it_says(path: Path) -> None:
    text = path.read_text("utf-8")
    rights = yaml.safe_load(text)["permissions"]
    assert rights["contents"] == ("write" if re.search(r"git push|create-pull-request", text) else "read")
    comments = re.search(r"gh pr |pull-requests|issues/.*/comments|createComment|create-pull-request", text)
    assert "pull-requests" not in rights or comments
    assert set(rights) <= {"contents", "pull-requests", "security-events"}


def test_the_action_runs_no_input_as_text_of_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    assert [step.get("name") for step in steps if "${{" in step.get("run", "")] == []
    assert "github.token" not in (ROOT / "action.yml").read_text("utf-8")
