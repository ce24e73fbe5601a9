"""The rows of `conformance upgrade --traffic` as JSON lines: one request a line, without a text of either answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.recording.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def write_rows(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write the rows, whole or not at all.

    Raises:
        UnusableInputError: the file cannot be written.
    """
    write_whole(path, "".join(f"{json.dumps(row)}\n" for row in rows))
