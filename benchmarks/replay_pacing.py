"""How closely clients that are not ours see a recorded stream's pace when it is replayed: curl, and the openai package under Node.

    .venv/bin/python -m benchmarks.replay_pacing [CASSETTE ...]

Prints how far recorded and observed offsets lie apart: from the request, which holds what a client does before it asks, and from the
read (curl) or event (Node), which is the pace alone. Node is tried where `make clients` has installed the package.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from conformance.emulator.clients.catalogue import DRIVERS
from conformance.emulator.clients.environments import FOLDER
from conformance.emulator.loopback import loopback
from conformance.emulator.replay.app import Replay, pace
from conformance.emulator.replay.tape import Tape, load_tape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.wire.exchange import Exchange

DEFAULT = "cassettes/llamacpp/smollm2-135m-instruct/openai-chat"
_EVENT = re.compile(rb"^data: (?!\[DONE\])", re.MULTILINE)
_TRACED = re.compile(rb"^(?P<time>[\d:.]+) (?P<what>=> Send header|<= Recv data), (?P<bytes>\d+) bytes")


def recorded(exchange: Exchange) -> list[float]:
    """Return when each event was complete, as recorded, in seconds from the request."""
    body = exchange.response.body if exchange.response else b""
    _, reads = pace(exchange)
    ends = list(accumulate(len(data) for _, data in reads))
    starts = [found.start() for found in _EVENT.finditer(body)]
    complete = [stop for _, stop in pairwise([*starts, body.find(b"data: [DONE]") if b"[DONE]" in body else len(body)])]
    return [next(reads[read][0] for read, end in enumerate(ends) if end >= stop) for stop in complete]


def by_curl(exchange: Exchange, url: str) -> list[float]:
    """Return when curl had received each recorded read whole, by its own clock."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(exchange.request.body)
        body.flush()
        words = ["curl", "-sN", "-o", "/dev/null", "--trace-time", "--trace-ascii", "-", url + exchange.request.path]
        words += ["-H", "content-type: application/json", "--data-binary", f"@{body.name}"]
        traced = subprocess.run(words, capture_output=True, check=True).stdout  # noqa: S603 - curl
    marks = [found for line in traced.splitlines() if (found := _TRACED.match(line))]
    zero = next(_seconds(found["time"]) for found in marks if found["what"].startswith(b"=>"))
    got = [found for found in marks if found["what"].startswith(b"<=")]
    moments = [_seconds(found["time"]) - zero for found in got]
    filled = list(accumulate(int(found["bytes"]) for found in got))
    sizes = [len(data) for _, data in pace(exchange)[1]]
    # It counts the chunked coding too: the size in hexadecimal and two line ends a chunk (RFC 9112 7.1, read 2026-11-21).
    ends = accumulate(size + len(f"{size:x}") + 4 for size in sizes)
    return [next(moment for moment, end in zip(moments, filled, strict=True) if end >= stop) for stop in ends]


def by_node(exchange: Exchange, url: str) -> list[float]:
    """Return when the openai package handed out each chunk."""
    case = {"base_url": url + exchange.request.path.removesuffix("/chat/completions"), "body": exchange.request.json}
    words = [shutil.which("node") or "node", str(DRIVERS / "stream_times.mjs")]
    told = subprocess.run(  # noqa: S603 - our own driver
        words, cwd=FOLDER / "node", input=json.dumps(case).encode(), capture_output=True, check=True
    )
    times: list[float] = json.loads(told.stdout)
    return times


def _seconds(text: bytes) -> float:
    moment = datetime.strptime(text.decode(), "%H:%M:%S.%f")  # noqa: DTZ007 - a time of day
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def streams(paths: list[str]) -> Iterator[Exchange]:
    """Yield the recorded streams that have chunk times."""
    for exchange in load_tape(paths)[0].exchanges:
        response = exchange.response
        timed = exchange.timing is not None and len(exchange.timing.chunks) > 1
        if timed and response is not None and response.content_type == "text/event-stream" and response.status == 200:
            yield exchange


def report(
    name: str, observe: Callable[[Exchange, str], list[float]], exchanges: list[Exchange], *, reads: bool
) -> None:
    """Measure and print one client's line."""
    late: list[float] = []
    drift: list[float] = []
    for exchange in exchanges:
        expected = [moment for moment, _ in pace(exchange)[1]] if reads else recorded(exchange)
        with loopback(Replay(Tape([exchange]))) as url:
            seen = observe(exchange, url)
        off = [(one - other) * 1000 for one, other in zip(seen, expected, strict=True)]
        late += map(abs, off)
        drift += [abs(each - off[0]) for each in off[1:]]
    print(f"{name}: {len(exchanges)} streams")
    for title, errors in (("from the request", late), ("from the first read or event", drift)):
        p95 = statistics.quantiles(errors, n=20)[-1]
        figures = f"median {statistics.median(errors):6.2f} ms, p95 {p95:6.2f} ms, max {max(errors):6.2f} ms"
        print(f"  {title:30} {len(errors):5} offsets: {figures}")


def main() -> None:
    """Measure every client that is there."""
    exchanges = list(streams(sys.argv[1:] or [DEFAULT]))
    if shutil.which("curl"):
        report("curl", by_curl, exchanges, reads=True)
    if (FOLDER / "node" / "node_modules" / "openai").is_dir() and shutil.which("node"):
        report("openai under Node", by_node, exchanges, reads=False)
    else:
        print("openai under Node    not installed: make clients")


if __name__ == "__main__":
    main()
