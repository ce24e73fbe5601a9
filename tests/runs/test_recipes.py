"""docs/scale.md's recipes for other engines give the rows of an audit. They are run where the engine is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit_rows import Row
from conformance.runs.auditor import AuditSettings
from conformance.runs.partitions import Files, audit_part

ROOT = Path(__file__).parents[2]
LOGS = ROOT / "tests" / "samples" / "traffic" / "exchanges"
COMMON, *RECIPES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "scale.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("recipe", "needs"), [(RECIPES[0], ("ray", "pandas")), (RECIPES[1], ("pyspark", "pandas"))], ids=["ray", "spark"]
)
def test_another_engine_gives_the_rows_of_an_audit(recipe: str, needs: tuple[str, ...], tmp_path: Path) -> None:
    lacking = [name for name in (*needs, "pyarrow") if find_spec(name) is None]
    if lacking or ("pyspark" in needs and shutil.which("java") is None):
        pytest.skip(f"needs {', '.join(lacking) or 'a Java runtime'}")
    from pyarrow import parquet  # noqa: PLC0415

    paths = sorted(map(str, LOGS.glob("*.jsonl")))
    script = tmp_path / "recipe.py"
    script.write_text(f"paths = {paths!r}\ntarget = {str(tmp_path / 'rows')!r}\n{COMMON}\n{recipe}")
    surroundings = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(script)], check=True, env=surroundings, cwd=ROOT, capture_output=True)
    rows = [
        json.loads(row)["id"]
        for file in (tmp_path / "rows").glob("*.parquet")
        for row in parquet.read_table(file)["row"].to_pylist()
    ]
    settings = AuditSettings(Severity.ERROR, date(2026, 11, 21), load_providers())
    judged = [item for path in paths for item in audit_part(Files(((path, True),)), settings)]
    assert sorted(rows) == sorted(item.id for item in judged if isinstance(item, Row))
