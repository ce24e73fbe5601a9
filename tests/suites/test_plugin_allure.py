"""A cell in Allure: labels, links, and on fail and known what it rests on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from world import BAD, KEY, RULE, TARGET

if TYPE_CHECKING:
    from pathlib import Path

    from world import World

pytestmark = pytest.mark.terminal


def allure(world: World, *rules: str) -> dict[str, dict[str, Any]]:
    """Run with --alluredir and return the results by rule."""
    world.run("-k", " or ".join(rules), "--alluredir", "allure")
    results = [json.loads(path.read_text("utf-8")) for path in (world.folder / "allure").glob("*-result.json")]
    return {label(result, "story")[0]: result for result in results}


def label(result: dict[str, Any], name: str) -> list[str]:
    return [each["value"] for each in result["labels"] if each["name"] == name]


def attached(folder: Path, result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: (folder / each["source"]).read_text("utf-8") for each in result["attachments"]}


def test_labels_say_who_and_what(world: World) -> None:
    world.cassette()
    result = allure(world, RULE)[RULE]
    assert result["status"] == "passed"
    assert result["name"] == f"{RULE} · m"
    for name, value in {
        "epic": "fake",
        "feature": "choice",
        "story": RULE,
        "severity": "critical",
        "verdict": "pass",
        "evidence": "recorded",
    }.items():
        assert label(result, name) == [value]
    assert (result["links"][0]["name"], result["links"][0]["url"]) == ("the rule", f"rules/{RULE}.html")
    assert result["links"][1]["url"].startswith("https://")
    assert label(result, "tag")[:2] == ["pass", "recorded"]
    assert label(result, "cause") == []
    assert "pass: clean on plain" in result["description"]
    assert result.get("attachments", []) == []


def test_the_history_hangs_on_target_and_rule_alone(world: World) -> None:
    world.cassette()
    before = allure(world, RULE)[RULE]
    assert before["parameters"] == [{"name": "cell", "value": f"{TARGET}-{RULE}"}]
    world.deviation()
    assert allure(world, RULE)[RULE]["historyId"] == before["historyId"]


@pytest.mark.parametrize("known", [False, True])
def test_fail_and_known_carry_what_they_rest_on(world: World, known: bool) -> None:  # noqa: FBT001
    world.cassette(BAD)
    if known:
        world.deviation()
    result = allure(world, RULE)[RULE]
    assert label(result, "verdict") == ["known" if known else "fail"]
    assert result["status"] == ("skipped" if known else "failed")
    parts = attached(world.folder / "allure", result)
    assert list(parts) == ["findings", "reproduce", "plain: request as curl", "plain: transcript"]
    assert "plain: choices[0].message.role is 'robot', expected 'assistant'" in parts["findings"]
    assert ("[known: a robot answers]" in parts["findings"]) is known
    assert parts["reproduce"].startswith(f"conformance run --target {TARGET} ")
    assert '-H "authorization: Bearer $FAKE_API_KEY"' in parts["plain: request as curl"]
    assert "HTTP 200 (end: clean)" in parts["plain: transcript"]
    assert '[   0.2000s] {"id": "chatcmpl-1"' in parts["plain: transcript"]
    assert KEY not in "".join(parts.values())


def test_an_inconclusive_cell_shows_the_answer(world: World) -> None:
    world.cassette({}, status=503)
    result = allure(world, RULE)[RULE]
    assert result["status"] == "broken"
    assert (label(result, "verdict"), label(result, "cause")) == (["inconclusive"], ["persistent server error"])
    assert result["statusDetails"]["message"] == "Skipped: inconclusive: plain: status 503"


def test_a_skipped_cell_names_the_command(world: World) -> None:
    result = allure(world, RULE)[RULE]
    assert (label(result, "verdict"), label(result, "cause"), result["status"]) == (
        ["skip"],
        ["not recorded"],
        "unknown",
    )
    assert "conformance record fake/m --probe plain" in result["statusDetails"]["message"]


def test_what_no_provider_sent_stands_apart_in_the_tree(world: World) -> None:
    world.cassette(evidence="emulated")
    result = allure(world, RULE)[RULE]
    assert label(result, "epic") == ["fake (emulated)"]
    assert (label(result, "evidence"), result["status"]) == (["emulated"], "unknown")


@pytest.mark.parametrize("kept", [False, True])
def test_emulated_cells_stay_out_beside_real_ones_unless_asked_for(world: World, kept: bool) -> None:  # noqa: FBT001
    emulated = {"uuid": "e", "labels": [{"name": "verdict", "value": "emulated"}], "attachments": [{"source": "e.txt"}]}
    path, text = world.write("allure/e-result.json", json.dumps(emulated)), world.write("allure/e.txt", "")
    world.cassette()
    world.run("-k", RULE, "--alluredir", "allure", *(["--emulated-in-allure"] if kept else []))
    assert verdicts(world) == (["emulated", "pass"] if kept else ["pass"])
    assert (path.exists(), text.exists()) == (kept, kept)
    facts = (world.folder / "allure" / "environment.properties").read_text("utf-8")
    assert ("1 emulated cell; --emulated-in-allure brings them in" in facts) is not kept


def test_a_pass_carries_its_transcript_on_demand(world: World) -> None:
    world.cassette()
    world.run("-k", RULE, "--alluredir", "allure", "--transcripts")
    (path,) = (world.folder / "allure").glob("*-result.json")
    assert "plain: transcript" in [part["name"] for part in json.loads(path.read_text("utf-8"))["attachments"]]


def verdicts(world: World) -> list[str]:
    paths = (world.folder / "allure").glob("*-result.json")
    return sorted(label(json.loads(path.read_text("utf-8")), "verdict")[0] for path in paths)
