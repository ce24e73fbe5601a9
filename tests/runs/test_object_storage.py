"""Logs in an object store are judged where they are: one process and two workers write the same rows, by provider and day."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

for _name in ("distributed", "pyarrow", "s3fs", "moto.server"):
    pytest.importorskip(_name, reason="needs the extra cluster, s3fs and moto[server]")
pytestmark = [pytest.mark.enable_socket, pytest.mark.filterwarnings("ignore")]

AS_OF = date(2026, 11, 21)


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """An object store on this machine, which speaks S3: a client of it with the bucket `logs`."""
    import boto3  # type: ignore[import-not-found] # noqa: PLC0415 - comes with moto
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "any")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "any")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        for bucket in ("logs", "audits"):
            client.create_bucket(Bucket=bucket)
        yield client
    server.stop()


@pytest.fixture
def logs(store: Any, tmp_path: Path) -> Path:
    """The same objects in the bucket and in a folder: one of them compressed, one with a session, one that is broken."""
    from test_partitions import row  # noqa: PLC0415

    texts = {
        "a.jsonl": "".join(
            f"{row(number, provider='groq', recorded_at='2026-11-01T00:00:00Z')}\n" for number in range(5)
        ),
        "b.jsonl.gz": "".join(f"{row(number, session='s')}\n" for number in range(3)),
        "c.jsonl": f"{row(0)}\n{{broken\n{row(1)}\n",
    }
    folder = tmp_path / "day"
    folder.mkdir()
    for name, text in texts.items():
        data = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
        (folder / name).write_bytes(data)
        store.put_object(Bucket="logs", Key=f"day/{name}", Body=data)
    return folder


def outcome(place: str, **options: Any) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    code = audit(
        [place],
        fail_on=Severity.ERROR,
        as_of=AS_OF,
        providers=load_providers(),
        format="jsonl",
        out=out,
        jobs=1,
        **options,
    )
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return code, [{**line, "source": line["source"].rpartition("/")[2], "error": "error" in line} for line in lines]


def test_objects_give_the_rows_of_files(logs: Path) -> None:
    assert outcome("s3://logs/day") == outcome(str(logs))
    code, rows = outcome("s3://logs/day/a.jsonl")
    assert (code, len(rows)) == (1, 5)


@pytest.mark.parametrize("engine", [None, "dask"])
def test_one_process_and_a_cluster_write_the_same_rows_into_the_store(
    engine: str | None,
    logs: Path,
    store: Any,
) -> None:
    from pyarrow import dataset  # noqa: PLC0415

    code, rows = outcome("s3://logs/day", engine=engine, output=f"s3://audits/{engine}")
    assert (code, rows) == outcome(str(logs))
    written = dataset.dataset(
        f"audits/{engine}", filesystem=_files(), format="parquet", partitioning="hive", exclude_invalid_files=True
    ).to_table()
    assert sorted(written["id"].to_pylist()) == sorted(row["id"] for row in rows if not row["error"])
    assert set(zip(written["provider"].to_pylist(), written["day"].to_pylist(), strict=True)) == {
        ("groq", "2026-11-01"),
        ("unknown", "unknown"),
    }
    summary = json.loads(store.get_object(Bucket="audits", Key=f"{engine}/summary.json")["Body"].read())
    assert (summary["exchanges"], summary["unreadable"]) == (10, 1)


def test_a_bucket_that_is_not_there_is_one_line(store: Any) -> None:  # noqa: ARG001 - the store answers
    code, rows = outcome("s3://logs/nothing-here")
    assert code == 3
    assert [row["error"] for row in rows] in ([], [True])


def _files() -> Any:
    import s3fs  # type: ignore[import-not-found] # noqa: PLC0415

    return s3fs.S3FileSystem()
