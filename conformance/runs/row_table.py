"""An audit's rows as Parquet, in folders by provider and day, and its summary beside them; here, or wherever fsspec writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.runs.audit_rows import as_json

if TYPE_CHECKING:
    from conformance.runs.audit_rows import Row
    from conformance.runs.audit_summary import AuditSummary

_AT_ONCE: Final = 50_000  # rows of a file
_REMEDY: Final = 'install the extra: pip install "llm-provider-conformance[cluster]"'


class RowTable:
    """Writes rows below a folder: `provider=groq/day=2026-11-01/rows-0-0.parquet`, then `summary.json` (schemas/audit-summary.json).

    Args:
        folder: a path, or an address that fsspec knows (`s3://bucket/audit`).

    Raises:
        UnusableInputError: pyarrow or fsspec is not installed, or the folder cannot be written.
    """

    def __init__(self, folder: str) -> None:
        try:
            import fsspec  # noqa: PLC0415 - an extra
            import pyarrow as arrow  # noqa: ICN001, PLC0415 - an extra
            from pyarrow import dataset  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise UnusableInputError(f"--output needs {error.name}, which is not installed", remedy=_REMEDY) from error
        try:
            self._files, self._folder = fsspec.core.url_to_fs(folder)
            self._files.makedirs(self._folder, exist_ok=True)
        except (OSError, ValueError, ImportError) as error:
            raise UnusableInputError(f"cannot be written: {error}", where=folder) from error
        self._arrow: Any = arrow
        self._dataset: Any = dataset
        self._rows: list[dict[str, Any]] = []
        self._written = 0

    def row(self, row: Row) -> None:
        """Take a row."""
        self._rows.append({**as_json(row), "provider": row.provider or "unknown", "day": row.recorded_on or "unknown"})
        if len(self._rows) >= _AT_ONCE:
            self._write()

    def close(self, summary: AuditSummary) -> None:
        """Write what is left, and the summary."""
        self._write()
        with self._files.open(f"{self._folder}/summary.json", "w") as file:
            json.dump(summary.as_json(), file, indent=2)

    def _write(self) -> None:
        if not self._rows:
            return
        arrow = self._arrow
        table = arrow.Table.from_pylist(self._rows, schema=_schema(arrow))
        columns = arrow.schema([("provider", arrow.string()), ("day", arrow.string())])
        self._dataset.write_dataset(
            table,
            self._folder,
            filesystem=self._files,
            format="parquet",
            partitioning=self._dataset.partitioning(columns, flavor="hive"),
            basename_template=f"rows-{self._written}-{{i}}.parquet",
            existing_data_behavior="overwrite_or_ignore",
            max_partitions=_AT_ONCE,
        )
        self._written += 1
        self._rows.clear()


def _schema(arrow: Any) -> Any:  # noqa: ANN401 - pyarrow ships no types
    text, number = arrow.string(), arrow.int64()
    finding = arrow.struct(
        [
            ("rule", text),
            ("severity", text),
            ("message", text),
            ("pointer", text),
            ("event", number),
            ("known", arrow.bool_()),
        ]
    )
    return arrow.schema(
        [
            ("id", text), ("source", text), ("interaction", number), ("provider", text), ("day", text), ("dialect", text),
            ("model", text), ("status", number), ("stream", arrow.bool_()), ("rules_checked", number),
            ("findings", arrow.list_(finding)), ("skipped", text),
        ]
    )  # fmt: skip
