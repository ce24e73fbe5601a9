"""The built wheel, without the checkout: in an empty folder the suites and the audit work too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from world import Wheel

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


def test_wheel_carries_schemas_probes_and_providers(wheel: Wheel, tmp_path: Path) -> None:
    code = "import conformance; from conformance.schemas import schema_names; print(conformance.__file__, len(schema_names()))"
    found = wheel.run(tmp_path, "-c", code).stdout.split()
    assert found[0].startswith(str(wheel.site))
    assert int(found[1]) == len(list((ROOT / "schemas").rglob("*.json")))


def test_suites_of_the_wheel_skip_with_the_command_that_records(wheel: Wheel, tmp_path: Path) -> None:
    target = "llamacpp/smollm2-135m-instruct"
    arguments = ("-m", "pytest", "-p", "conformance.plugin", "--pyargs", "conformance.suites", "--target", target)
    done = wheel.run(tmp_path, *arguments, "-k", "usage.sum", "-p", "no:cacheprovider")
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"conformance record {target}" in done.stdout


def test_audit_of_the_wheel_judges_a_file(wheel: Wheel, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text(json.dumps(LINE) + "\n", "utf-8")
    done = wheel.run(tmp_path, "-m", "conformance", "audit", "log.jsonl", "--format", "jsonl")
    assert done.returncode == 1, done.stderr
    assert "chunk.choices_required" in {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
