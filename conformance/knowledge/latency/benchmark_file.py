"""The only module that knows pytest-benchmark's inside: the JSON that it reads, and where it keeps its files.

It has no public interface for either (pytest-benchmark 5.3, read 2026-11-28).
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    import pytest

_DEFAULT_STORAGE: Final = "file://./.benchmarks"
#: Seconds of a request that has no end: the statistics refuse 0.
_NO_TIME: Final = 1e-6


def benchmark_document(
    *, group: str, name: str, started: datetime, seconds: Iterable[float], extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a benchmark file with one benchmark.

    Args:
        group: the benchmark's group.
        name: the name of its test.
        started: when its first round began.
        seconds: how long each round took; 0 where it has no end.
        extra: its `extra_info`.
    """
    from pytest_benchmark import __version__  # noqa: PLC0415 - a plugin of pytest: nobody else has to load it
    from pytest_benchmark.stats import Stats  # noqa: PLC0415

    stats: Any = Stats()  # type: ignore[no-untyped-call] # it has no types
    for value in seconds:
        stats.update(value or _NO_TIME)
    benchmark = {
        "group": group,
        "name": name,
        "fullname": f"conformance/suites/test_latency.py::{name}",
        "params": None,
        "param": None,
        "extra_info": dict(extra),
        "options": {},
        "stats": {**stats.as_dict(), "data": stats.data, "iterations": 1},
    }
    return {
        "machine_info": {"system": platform.system(), "python_version": platform.python_version()},
        "commit_info": {},
        "benchmarks": [benchmark],
        "datetime": started.isoformat(),
        "version": __version__,
    }


def keep_in(config: pytest.Config, folder: Path, *, needed: bool) -> None:
    """Let pytest-benchmark keep its files in a folder, unless --benchmark-storage names another.

    It makes its folder in every session: where nothing is kept or compared, it is given pytest's root, which is there.
    """
    options = config.option
    if getattr(options, "benchmark_storage", None) != _DEFAULT_STORAGE:
        return
    used = needed or options.benchmark_save or options.benchmark_autosave or options.benchmark_compare
    options.benchmark_storage = f"file://{folder if used else config.rootpath}"


def name_no_machine(config: pytest.Config) -> None:
    """Keep this session's file in no folder named after the machine: a history goes on where another machine continues it."""
    config._benchmarksession.storage.default_machine_id = None  # type: ignore[attr-defined] # noqa: SLF001 - it has no option
