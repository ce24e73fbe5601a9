"""The grounding probes: drawn from a printed seed, stored as drawn, small, and enough of each kind for its rate."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.canary import canary_in
from conformance.knowledge.grounding.proportion import needed
from conformance.probes import load_probes
from conformance.probes.loader import BUILT_IN
from conformance.rules.table import RULES
from tools.draw_grounding_probes import MAX_OUTPUT, draw, languages, main, written

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

STORED = BUILT_IN / "grounding.yaml"
PROBES = {name: probe for name, probe in load_probes().items() if probe.file == STORED}
RESERVED = re.compile(r"https://[\w-]+\.(?:invalid|test|example)/")


def bodies(name: str) -> str:
    return json.dumps([step.ask for step in PROBES[name].steps], ensure_ascii=False)


def test_the_stored_file_is_what_its_seed_draws() -> None:
    text = STORED.read_text("utf-8")
    seed = re.search(r"--seed (\d+)", text)
    assert seed is not None
    assert text == written(int(seed[1]))


def test_another_seed_asks_about_other_pages_under_the_same_names() -> None:
    here, there = ({each.name: each for each in draw(seed)} for seed in (7, 8))
    assert here.keys() == there.keys()
    assert all(here[name].steps != there[name].steps for name in here if name.startswith("random-"))
    assert sum(here[name].steps == there[name].steps for name in here) < 5  # a page of few may be drawn twice


def test_the_seed_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "11", "--out", str(tmp_path / "mine.yaml")]) == 0
    assert capsys.readouterr().out.startswith("seed 11: ")
    assert "grounding-random-en" in (tmp_path / "mine.yaml").read_text("utf-8")


def test_no_probe_asks_about_a_page_that_could_exist() -> None:
    urls = {name: re.findall(r"https?://[^\s\"\\]+", bodies(name)) for name in PROBES}
    assert [name for name in PROBES if not urls[name]] == []
    assert [(name, url) for name in PROBES for url in urls[name] if not RESERVED.match(url)] == []


def test_no_probe_provokes_a_rule_of_another_subject_than_url() -> None:
    assert [
        (name, rule) for name, probe in PROBES.items() for rule in probe.provokes if not rule.startswith("url.")
    ] == []


def test_no_probe_asks_for_many_tokens() -> None:
    assert [name for name, probe in PROBES.items() if probe.output_tokens > MAX_OUTPUT * len(probe.steps)] == []


def test_every_rate_has_enough_answers_to_pass_with_some_to_spare() -> None:
    asked = Counter(rule for probe in PROBES.values() for rule in probe.provokes for _ in probe.steps)
    for rule in RULES.values():
        if rule.rate is not None:
            assert asked[rule.id] > needed(rule.rate.at_most), rule.id
    assert asked["url.disclosure_rate"] >= 60


def test_twins_ask_the_same_of_two_addresses() -> None:
    for code in languages():
        pair = [re.sub(r"https://\S+", "URL", bodies(f"grounding-{kind}-{code}")) for kind in ("random", "slug")]
        assert pair[0] == pair[1]


def test_canaries_and_random_addresses_are_drawn_once() -> None:
    canaries = [canary for name in PROBES if (canary := canary_in(bodies(name)))]
    assert len(canaries) == 2 * len(languages())
    assert all(one != other for one, other in combinations(canaries, 2))


def test_the_languages_ask_for_the_same() -> None:
    wanted = {"summary", "links", "live", "json", "code", "pasted"}
    assert {code: wanted - texts.keys() for code, texts in languages().items()} == {code: set() for code in languages()}
    assert len(languages()) == 10
