"""The built wheel, without the checkout: in an empty folder the suites and the audit work too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINE = {
    "id": "x1",
    "request": {
        "method": "POST",
        "url": "https://llm.example/v1/chat/completions",
        "headers": {},
        "body": {"model": "m"},
    },
    "response": {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"choices": None},
        "eof": "clean",
    },
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, a development dependency")
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run([sys.executable, "-c", build, str(out)], cwd=ROOT, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(out / made.stdout.split()[-1]) as wheel:
        wheel.extractall(out / "site")
    return out / "site"


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_wheel_carries_schemas_probes_and_providers(unpacked: Path, tmp_path: Path) -> None:
    code = "import conformance; from conformance.schemas import schema_names; print(conformance.__file__, len(schema_names()))"
    found = run(unpacked, tmp_path, "-c", code).stdout.split()
    assert found[0].startswith(str(unpacked))
    assert int(found[1]) == len(list((ROOT / "schemas").rglob("*.json")))


def test_suites_of_the_wheel_skip_with_the_command_that_records(unpacked: Path, tmp_path: Path) -> None:
    target = "llamacpp/smollm2-135m-instruct"
    arguments = ("-m", "pytest", "-p", "conformance.plugin", "--pyargs", "conformance.suites", "--target", target)
    done = run(unpacked, tmp_path, *arguments, "-k", "usage.sum", "-p", "no:cacheprovider")
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"conformance record {target}" in done.stdout


def test_audit_of_the_wheel_judges_a_file(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text(json.dumps(LINE) + "\n", "utf-8")
    done = run(unpacked, tmp_path, "-m", "conformance", "audit", "log.jsonl", "--format", "jsonl")
    assert done.returncode == 1, done.stderr
    assert "chunk.choices_required" in {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
