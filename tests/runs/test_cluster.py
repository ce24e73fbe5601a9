"""A cluster of two worker processes gives the bytes of one process, also where a worker is killed midway."""

from __future__ import annotations

import io
import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs import engines, partitions
from conformance.runs.audit import audit
from conformance.runs.auditor import AuditSettings
from conformance.runs.partitions import Files, Part, audit_part

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = [pytest.mark.enable_socket, pytest.mark.filterwarnings("ignore")]

SAMPLES = Path(__file__).parents[1] / "samples" / "traffic"
SETTINGS = AuditSettings(Severity.ERROR, date(2026, 11, 21), load_providers())


def part_that_kills_its_worker_once(part: Part, settings: AuditSettings) -> list[Any]:
    """Judge a part; the first worker that meets the flag dies of it."""
    flag = str(part[0][0][0]) + ".flag"  # type: ignore[index]
    if os.path.exists(flag):  # noqa: PTH110
        os.unlink(flag)  # noqa: PTH108
        os.kill(os.getpid(), signal.SIGKILL)
    return audit_part(part, settings)


def test_two_workers_give_the_rows_of_one_process_and_a_killed_one_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from test_partitions import row  # noqa: PLC0415

    parts = []
    for name in "abcd":
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(f"{row(number)}\n" for number in range(3)))
        parts.append(Files(((str(path), True),)))
    (tmp_path / "b.jsonl.flag").write_text("")
    monkeypatch.setattr(engines, "audit_part", part_that_kills_its_worker_once)
    rows = list(engines.on_cluster(parts, SETTINGS, None, 2))
    assert rows == [item for part in parts for item in audit_part(part, SETTINGS)]
    assert not (tmp_path / "b.jsonl.flag").exists()
    assert len(rows) == 12


def test_one_job_two_jobs_and_two_workers_write_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "PART_BYTES", 20_000)  # so that there is work for several

    def written(**options: Any) -> tuple[int, str]:
        out = io.StringIO()
        whose = {"fail_on": SETTINGS.fail_on, "as_of": SETTINGS.as_of, "providers": SETTINGS.providers}
        return audit([SAMPLES], format="jsonl", out=out, **whose, **options), out.getvalue()

    alone = written(jobs=1)
    assert alone[1].count("\n") > 40
    assert written(jobs=2) == alone
    assert written(engine="dask", jobs=2) == alone
