"""How fast `conformance serve` is: requests and chunks a second, memory and the error of its pace, at 1 to 500 streams.

    .venv/bin/python -m benchmarks.serve_throughput [--streams 1 10 100 500] [--peer BASE_URL --peer-pid PID --model MODEL]

The server is a process of its own, and the client is plain asyncio: it counts bytes and parses nothing. A figure a second of the
server's own CPU time does not depend on what else the machine does. `--peer` measures another server, that you started, on the same work.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from conformance.emulator.server import emulator, served_target
from conformance.providers import load_providers
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEVELS: Final = (1, 10, 100, 500)
_REQUESTS: Final = 1000  # plain answers at each level
_STREAMS: Final = 500
_PROVIDER: Final = "groq"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What one level brought: answers, chunks, seconds of the wall and of the server's processor, and failures."""

    answers: int = 0
    chunks: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    failed: int = 0
    arrivals: list[list[float]] = field(default_factory=list)


def cpu_of(pid: int) -> float:
    """Return the seconds of processor time that a process has taken."""
    words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def memory_of(pid: int) -> float:
    """Return the resident memory of a process, in megabytes."""
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, int]]:
    """Start the command, and yield its base URL and process id."""
    command = [sys.executable, "-m", "conformance", "serve", "--as", _PROVIDER, "--quiet", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:  # noqa: S603 - our own command
        assert started.stdout is not None
        try:
            yield next(line for line in started.stdout if line.startswith("serving at ")).split()[2], started.pid
        finally:
            started.terminate()


def body_of(model: str, question: str, *, stream: bool) -> bytes:
    return json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": question}]}).encode()


async def load(base_url: str, body: bytes, number: int, at_once: int, pid: int) -> Load:
    """Send a request so many times, so many at a time, each on a connection that is kept."""
    result, left = Load(), iter(range(number))
    began, before = time.perf_counter(), cpu_of(pid)
    await asyncio.gather(*(_client(base_url, body, left, result) for _ in range(at_once)))
    result.wall, result.cpu = time.perf_counter() - began, cpu_of(pid) - before
    return result


async def _client(base_url: str, body: bytes, left: Iterator[int], result: Load) -> None:
    parts = urlsplit(base_url)
    head = (
        f"POST {parts.path}/chat/completions HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer any\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for _ in left:
        began = time.perf_counter()
        writer.write(head + body)
        answer, arrivals = await _answer(reader, began)
        result.answers += 1
        result.failed += not answer.startswith(b"HTTP/1.1 200")
        result.chunks += answer.count(b"\ndata: ") - answer.count(b"data: [DONE]")
        result.arrivals.append(arrivals)
    writer.close()


async def _answer(reader: asyncio.StreamReader, began: float) -> tuple[bytes, list[float]]:
    """Return the bytes of an answer, and when each chunk of its transfer came."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return head + await reader.readexactly(length), []
    pieces, arrivals = [head], []
    while size := int(await reader.readline(), 16):
        pieces.append(await reader.readexactly(size + 2))
        arrivals.append(time.perf_counter() - began)
    await reader.readexactly(2)
    return b"".join(pieces), arrivals


def expected_pace(model: str) -> list[float]:
    """Return when each piece of the paced answer is due, in seconds from the request."""
    target = served_target(_PROVIDER, None, load_providers())
    headers = {"content-type": "application/json", "authorization": "Bearer any"}
    url = f"{target.base_url}/chat/completions"
    sent = emulator(target).answer(Request("POST", url, headers, body_of(model, "Count from 1 to 40.", stream=True)))
    due, moments = 0.0, []
    for wait, _ in sent.pieces:
        due += wait
        moments.append(due)
    return moments


def throughput(base_url: str, pid: int, model: str, levels: list[int]) -> None:
    """Print a line for each level: plain answers, then streams, then the memory."""
    plain, stream = (
        body_of(model, "Reply with exactly: pong", stream=False),
        body_of(model, "Count from 1 to 100.", stream=True),
    )
    asyncio.run(load(base_url, plain, 50, 5, pid))  # imports and caches are warm from here on
    print(f"{'at once':>8}{'req/s':>9}{'req/CPU s':>11}{'chunks/s':>10}{'chunks/CPU s':>14}{'failed':>8}{'MB':>8}")
    for level in levels:
        answers = asyncio.run(load(base_url, plain, max(_REQUESTS, level), level, pid))
        streams = asyncio.run(load(base_url, stream, max(_STREAMS // 5, level), level, pid))
        print(
            f"{level:8}{answers.answers / answers.wall:9.0f}{answers.answers / max(answers.cpu, 0.01):11.0f}"
            f"{streams.chunks / streams.wall:10.0f}{streams.chunks / max(streams.cpu, 0.01):14.0f}"
            f"{answers.failed + streams.failed:8}{memory_of(pid):8.1f}"
        )


def pacing(levels: list[int], model: str) -> None:
    """Print how late chunks come, beside the provider's own pace."""
    due = expected_pace(model)
    print(f"\npace of {_PROVIDER}: {len(due)} pieces, the last due after {due[-1]:.3f} s")
    print(f"{'at once':>8}{'median late ms':>16}{'p95 ms':>9}{'max ms':>9}{'duration off':>14}")
    for level in levels:
        with serving() as (base_url, pid):
            body = body_of(model, "Count from 1 to 40.", stream=True)
            asyncio.run(load(base_url, body_of(model, "Say hello.", stream=True), 1, 1, pid))
            found = asyncio.run(load(base_url, body, level, level, pid))
        # The same question is drawn anew at each turn, so only the first answer has the expected waits; the others have the same number.
        late = [(one - other) * 1000 for arrivals in found.arrivals for one, other in zip(arrivals, due, strict=False)]
        ends = [arrivals[-1] / due[-1] - 1 for arrivals in found.arrivals if arrivals]
        p95 = statistics.quantiles(late, n=20)[-1]
        print(f"{level:8}{statistics.median(late):16.2f}{p95:9.2f}{max(late):9.2f}{statistics.median(ends):+14.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, nargs="+", default=list(_LEVELS))
    parser.add_argument("--peer", metavar="BASE_URL")
    parser.add_argument("--peer-pid", type=int)
    parser.add_argument("--model", default="openai/gpt-oss-120b")
    options = parser.parse_args()
    if options.peer:
        throughput(options.peer, options.peer_pid, options.model, options.streams)
        return
    with serving("--speed", "1000000") as (base_url, pid):
        throughput(base_url, pid, options.model, options.streams)
    pacing([level for level in options.streams if level <= 100], options.model)


if __name__ == "__main__":
    main()
