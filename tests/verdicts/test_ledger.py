"""The ledger: its file, and the exit code of all its cells."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UnusableInputError
from conformance.report.results import read_results, results_of, write_results
from conformance.rules.table import RULES, Finding, Severity
from conformance.schemas import load_schema, schema_registry
from conformance.verdicts.cell import Cell, CellFinding, Verdict
from conformance.verdicts.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytestmark = pytest.mark.terminal

RULE = RULES["usage.sum"]


def cell(verdict: str, target: str = "a/m", evidence: Iterable[Any] = ("recorded",), rule: str = "usage.sum") -> Cell:
    found = CellFinding(Finding("/usage", "is 3", "2", event=4, rule=rule, exchange="x"), "plain", None, known=False)
    return Cell(target, RULES[rule], Verdict(verdict), "because", (found,), ("plain",), frozenset(evidence))


def ledger(*cells: Cell, named: Iterable[str] = (), **more: Any) -> Ledger:
    return Ledger(date(2026, 11, 21), Severity.ERROR, live=False, cells=cells, named=frozenset(named), **more)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["pass", "known", "n/a", "emulated"], CONFORMS),
        ([], UNDECIDED),
        (["n/a", "emulated"], UNDECIDED),
        (["pass", "skip"], UNDECIDED),
        (["pass", "inconclusive"], UNDECIDED),
        (["fail", "skip", "inconclusive", "pass"], FAILS),
        (["known", "fail"], FAILS),
    ],
)
def test_the_exit_code_is_that_of_the_worst_cell(verdicts: list[str], code: int) -> None:
    rules = list(RULES)
    cells = (cell(each, rule=rule) for each, rule in zip(verdicts, rules, strict=False))
    assert ledger(*cells).exit_code() == code


def test_a_named_target_with_only_emulated_evidence_is_undecided() -> None:
    emulated = cell("emulated", evidence=["emulated"])
    other = cell("pass", target="b/m")
    assert ledger(emulated, other).exit_code() == CONFORMS
    assert ledger(emulated, other, named=["a/m", "b/m"]).exit_code() == UNDECIDED
    real = cell("pass", rule="usage.nonzero")
    assert ledger(emulated, real, named=["a/m"]).exit_code() == CONFORMS


def test_a_run_that_completes_an_earlier_one_takes_its_other_cells_over() -> None:
    keywords = {"a/m": {"enum": "inconclusive", "const": "ignored"}}
    before = ledger(cell("inconclusive"), cell("fail", rule="usage.nonzero"), keywords=keywords).as_json()
    now = ledger(cell("pass"), before=before, keywords={"a/m": {"enum": "enforced"}, "b/m": {}})
    assert now.as_json()["keywords"] == {"a/m": {"enum": "enforced", "const": "ignored"}}
    assert [each["verdict"] for each in now.as_json()["cells"]] == ["pass", "fail"]
    assert now.exit_code() == FAILS


def test_the_file_matches_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "new/results.json"
    cells = (cell(each, rule=rule) for each, rule in zip(Verdict, RULES, strict=False))
    write_results(results_of(ledger(*cells, options=("--as-of", "x"))), path)
    results = read_results(path)
    assert next(iter(results)) == "headline", "the file leads with it"
    assert {each["verdict"] for each in results["cells"]} == set(Verdict)
    assert list(path.parent.iterdir()) == [path], "nothing else is left behind"


def test_cells_share_their_lists_of_probes_in_the_file_and_have_them_when_it_is_read(tmp_path: Path) -> None:
    path, names = tmp_path / "results.json", ["plain", "stream"]
    one, two = cell("pass"), cell("pass", rule="usage.nonzero")
    results = results_of(ledger(one, two))
    for entry in results["cells"]:
        entry["probes"] = names
    write_results(results, path)
    assert path.read_text("utf-8").count('"stream"') == 1
    assert read_results(path) == results


def test_a_file_of_version_1_is_read_as_it_is(tmp_path: Path) -> None:
    results = results_of(ledger(cell("pass")))
    (tmp_path / "results.json").write_text(json.dumps(results), "utf-8")
    assert read_results(tmp_path / "results.json") == results


def test_a_cell_whose_probes_stand_nowhere_is_one_line(tmp_path: Path) -> None:
    results = results_of(ledger(cell("pass")))
    results["cells"][0]["probes"] = 7
    (tmp_path / "results.json").write_text(json.dumps(results), "utf-8")
    with pytest.raises(UnusableInputError, match="probes that stand nowhere"):
        read_results(tmp_path / "results.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exit_code", 4),
        ("as_of", None),
        ("targets", "a/m"),
        ("cells", [{"target": "a/m"}]),
        ("unknown", 1),
    ],
)
def test_the_schema_refuses_what_is_none(key: str, value: object) -> None:
    wrong = results_of(ledger(cell("pass"))) | {key: value}
    assert not Draft202012Validator(load_schema("results"), registry=schema_registry()).is_valid(wrong)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": []}'])
def test_a_file_that_is_no_results_file_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(UnusableInputError, match=r"results\.json: .*; run the suites again: conformance run"):
        read_results(path)


def test_without_a_results_file_the_remedy_is_to_run(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="run the suites first"):
        read_results(tmp_path / "results.json")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(UnusableInputError, match="name a folder that can be written"):
        write_results(results_of(ledger(cell("pass"))), tmp_path / "reports/results.json")


def test_a_lone_surrogate_in_a_reason_is_written(tmp_path: Path) -> None:
    odd = Cell("a/m", RULE, Verdict.FAIL, "\ud800")
    write_results(results_of(ledger(odd)), tmp_path / "results.json")
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["cells"][0]["reason"] == "\ud800"
