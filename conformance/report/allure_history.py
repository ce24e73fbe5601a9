"""The history that Allure keeps, cut to what its page shows of a past run.

Allure embeds the whole history of a test into that test. The labels, messages and traces of past runs make up nine tenths of
it, and its page shows of them no more than the message: the status and the dates stay (allure 3.18.0, read 2026-11-29).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_KEPT: Final = ("id", "status", "start", "stop", "duration", "historyId", "url")


def shorten_history(path: Path) -> None:
    """Rewrite `history.jsonl` without what a past run needs no more. A line that is no run of Allure's stays as it is.

    Raises:
        UnusableInputError: the file cannot be written.
    """
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    if lines:
        write_whole(path, "".join(f"{_shortened(line)}\n" for line in lines))


def _shortened(line: str) -> str:
    try:
        run = json.loads(line)
        run["testResults"] = {key: _essence(result) for key, result in run["testResults"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return line
    return json.dumps(run, ensure_ascii=False, separators=(",", ":"))


def _essence(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result[name] for name in _KEPT if name in result}
