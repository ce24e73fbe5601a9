"""What an audit of large inputs costs: wall and CPU seconds, and peak memory of the process, input by input.

    python -m benchmarks.audit_sizes                    # all inputs that it makes, some minutes and 2.5 GB in the temporary folder
    python -m benchmarks.audit_sizes har jsonl          # some of them
    python -m benchmarks.audit_sizes corpus TRAFFIC     # exchanges in JSON Lines of your own, once, 4 and 16 times
    python -m benchmarks.audit_sizes engines TRAFFIC    # the same traffic with one job, two jobs, and Dask's one and two workers

The inputs are of the seeded corpus (corpus.py), so that they are the same bytes on every machine.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING, Any

import yaml

from benchmarks.corpus import corpus
from conformance.recording.exporters import EXPORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance import Exchange

_MB = 1_000_000
_ENGINES = (["--jobs", "1"], ["--jobs", "2"], ["--engine", "dask", "--jobs", "1"], ["--engine", "dask", "--jobs", "2"])
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>


def _long_answers() -> Iterator[Exchange]:
    """Yield answers of about 200 kB, without end."""
    exchanges = corpus(streams=20, chunks=1000)
    for number in count():
        yield exchanges[number % len(exchanges)]


def _short_answers(many: int, session: str | None = None) -> Iterator[Exchange]:
    """Yield exchanges with a short answer."""
    exchanges = corpus(streams=50, chunks=12)
    for number in range(many):
        yield replace(exchanges[number % len(exchanges)], id=f"x{number}", session=session)


def stream(folder: Path) -> Path:
    """One event stream of 200 MB, as a body alone: above the bound."""
    return _stream(folder / "stream.sse", 200)


def stream_in_bounds(folder: Path) -> Path:
    """One event stream of 60 MB, as a body alone."""
    return _stream(folder / "short.sse", 60)


def _stream(path: Path, size: int) -> Path:
    whole = corpus(streams=1, chunks=1000)[0].response
    events = (whole.body if whole is not None else b"").split(b"\n\n")
    with path.open("wb") as file:
        file.write(b"\n\n".join(events[:2]) + b"\n\n")
        middle = b"\n\n".join(events[2:-5]) + b"\n\n"
        for _ in range(size * _MB // len(middle)):
            file.write(middle)
        file.write(b"\n\n".join(events[-5:]))
    return path


def session(folder: Path) -> Path:
    """One session of 10,000 exchanges."""
    return _written(folder / "session.jsonl", _short_answers(10_000, session="s"), "exchanges")


def har(folder: Path) -> Path:
    """An HTTP archive of 300 MB."""
    return _written(folder / "archive.har", _long_answers(), "har", upto=300 * _MB)


def jsonl(folder: Path) -> Path:
    """A JSON Lines file of 1 GB."""
    return _written(folder / "answers.jsonl", _long_answers(), "exchanges", upto=1000 * _MB)


def cassettes(folder: Path) -> Path:
    """100,000 cassettes of one exchange each, in folders of a thousand."""
    below = folder / "cassettes"
    for number, exchange in enumerate(_short_answers(100_000)):
        path = below / f"{number // 1000:03}" / f"{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_cassette(exchange))
    return below


def same_in_lines(folder: Path) -> Path:
    """The 100,000 exchanges of `cassettes` in one JSON Lines file."""
    return _written(folder / "same.jsonl", _short_answers(100_000), "exchanges")


def _cassette(exchange: Exchange) -> str:
    """Return an exchange as vcrpy writes it: vcrpy itself would take an hour for as many."""
    asked, answered = exchange.request, exchange.response
    request = {
        "method": asked.method,
        "uri": asked.url,
        "headers": {name: [value] for name, value in asked.headers.items()},
    }
    response: dict[str, Any] = {"status": {"code": 200, "message": "OK"}}
    if answered is not None:
        response["headers"] = {name: [value] for name, value in answered.headers.items()}
        response["body"] = {"string": answered.body.decode()}
    interaction = {"request": {**request, "body": asked.body.decode()}, "response": response}
    return yaml.dump({"interactions": [interaction], "version": 1}, Dumper=yaml.CSafeDumper)


def _written(path: Path, exchanges: Iterator[Exchange], form: str, upto: int | None = None) -> Path:
    export = EXPORTS[form]
    size = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(export.head)
        for exchange in exchanges:
            text = (export.between if size else "") + export.entry(exchange)
            file.write(text)
            size += len(text)
            if upto is not None and size >= upto:
                break
        file.write(export.tail)
    return path


SHAPES: dict[str, Callable[[Path], Path]] = {
    shape.__name__: shape for shape in (stream, stream_in_bounds, session, har, jsonl, cassettes, same_in_lines)
}


def measure(name: str, path: Path, *options: str) -> None:
    """Audit a path, and print what that cost. A copy of this process does, so that nothing else is counted."""
    if os.fork():
        os.wait()
        return
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # Dask's workers are no children of the command
    began = time.perf_counter()
    command = [sys.executable, "-m", "conformance", "audit", str(path), "--format", "json", *options]
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - our own command
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = getrusage(RUSAGE_CHILDREN)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{name:24} exit {code}  {wall:7.1f} s wall  {cpu:7.1f} s CPU  {peak:5.0f} MB peak", flush=True)
    os._exit(0)


def _times(traffic: Path, folder: Path, times: int) -> Path:
    below = folder / f"x{times}"
    for number in range(times):
        shutil.copytree(traffic, below / str(number))
    return below


def main(words: list[str]) -> None:
    """Make the inputs, audit each, and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if words[:1] == ["corpus"]:
            for times in (1, 4, 16):
                measure(f"x{times}", _times(Path(words[1]), folder, times), "--jobs", "1")
        elif words[:1] == ["engines"]:
            twice = _times(Path(words[1]), folder, 2)
            for options in _ENGINES:
                measure(" ".join(options), twice, *options)
        else:
            for shape in words or SHAPES:
                measure(shape, SHAPES[shape](folder), "--jobs", "1")


if __name__ == "__main__":
    main(sys.argv[1:])
