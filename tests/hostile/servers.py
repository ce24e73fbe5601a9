"""`python -m tests.hostile.servers [NAME...]`: a child process records from each hostile server at the default limits.

Prints the outcome, the seconds on the wall (and how many of them the child only waited for a core), the CPU seconds and the peak
memory of each. Exit code 1 where a child took more than 120 seconds without those, or 600 MB, printed a traceback, left with a code that no verb has, or followed a redirect.
"""

from __future__ import annotations

import argparse
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from tests.hostile.bad_servers import SERVERS
from tests.hostile.bad_transports import TRANSPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hostile.bad_servers import Serve

MOST_SECONDS = 120.0
MOST_MEGABYTES = 600
KEY = "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"
FEW = (
    "plain", "multi-turn", "unicode", "sampling", "penalties", "user", "max-tokens", "system-prompt", "stream", "stream-usage",
    "stream-long", "unicode-stream", "tools-auto", "tools-auto-stream",
)  # fmt: skip
TOML = """\
name = "fake"
base_url = "https://fake.example/v1"
dialect = "openai-chat"
auth = { header = "Authorization", scheme = "Bearer", env = "FAKE_API_KEY" }
capabilities = ["tools", "json_schema", "stream"]
default_models = ["m"]
source = "invented"
read = 2026-11-21
[models.m]
price = { input = 2, output = 8, source = "invented", read = 2026-11-21 }
"""


class Served(NamedTuple):
    """A server that listens: its address, how many connections came, and how many were led to the bait."""

    url: str
    asked: list[int]
    baited: list[int]


class Outcome(NamedTuple):
    """What became of a child."""

    name: str
    code: int
    seconds: float
    waited: float
    cpu: float
    megabytes: float
    asked: int
    problems: tuple[str, ...]
    last: str


def read_request(peer: socket.socket) -> bytes:
    """Return a request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    sizes = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while sizes and len(body) < int(sizes[0]):
        more = peer.recv(65536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(serve: Serve) -> Iterator[Served]:
    """Serve each connection in a thread of its own, for as long as the block lasts."""
    over, asked, baited = Event(), [0], [0]
    trap, door = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0), backlog=64)
    bait = f"127.0.0.1:{trap.getsockname()[1]}"

    def answer(peer: socket.socket) -> None:
        with peer, suppress(OSError, ssl.SSLError):
            if not getattr(serve, "reads_itself", False):
                read_request(peer)
            asked[0] += 1
            serve(peer, over, bait)

    def accept(on: socket.socket, counter: list[int] | None) -> None:
        with suppress(OSError):
            while True:
                peer, _ = on.accept()
                if counter is not None:
                    counter[0] += 1
                    peer.close()
                else:
                    Thread(target=answer, args=(peer,), daemon=True).start()

    for on, counter in ((door, None), (trap, baited)):
        Thread(target=accept, args=(on, counter), daemon=True).start()
    scheme = getattr(serve, "scheme", "http")
    try:
        yield Served(f"{scheme}://127.0.0.1:{door.getsockname()[1]}/v1", asked, baited)
    finally:
        over.set()
        for on in (door, trap):
            with suppress(OSError):
                on.shutdown(socket.SHUT_RDWR)
            on.close()


def recorded(name: str, serve: Serve, *options: str) -> Outcome:
    """Record from a server in a child process, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, listening(serve) as served:
        place = Path(folder)
        (place / "providers").mkdir()
        (place / "providers" / "fake.toml").write_text(TOML)
        command = [
            sys.executable, "-m", "conformance", "record", "fake/m", "--providers", "providers", "--base-url", served.url,
            "--as-of", "2026-11-21", *options,
        ]  # fmt: skip
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "FAKE_API_KEY": KEY, "NO_PROXY": "*"}
        started = time.monotonic()
        with (place / "out").open("wb") as out, (place / "err").open("wb") as err:
            child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=environment)
            waits = [0.0, 0.0]
            Thread(target=_watch, args=(child, waits), daemon=True).start()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        printed = ((place / "out").read_bytes() + (place / "err").read_bytes()).decode("utf-8", "replace")
        lines = [line for line in printed.splitlines() if line.strip()]
        megabytes, cpu = waits[1], used.ru_utime + used.ru_stime
        checks = {
            f"{seconds:.0f} s": seconds - waits[0] > MOST_SECONDS,
            f"{megabytes:.0f} MB": megabytes > MOST_MEGABYTES,
            "a traceback": "Traceback" in printed or "stopped by" in printed or "INTERNALERROR" in printed,
            f"exit code {child.returncode}": child.returncode not in {0, 1, 2, 3},
            "never asked": served.asked[0] == 0 and not getattr(serve, "reads_itself", False),
            "led to the bait": served.baited[0] > 0,
            "the key on the terminal": KEY in printed,
            "a raw control sequence on the terminal": "\x1b]" in printed or "\n::error::owned" in printed,
        }
        problems = tuple(problem for problem, bad in checks.items() if bad)
        if problems:
            Path(f"/tmp/hostile-{name.replace(' ', '-')}.txt").write_text(printed)  # noqa: S108 - to look at
        asked = next(
            (line for line in lines if "no usable answer" in line or "not asked" in line), lines[-1] if lines else ""
        )
        return Outcome(name, child.returncode, seconds, waits[0], cpu, megabytes, served.asked[0], problems, asked)


def _watch(child: subprocess.Popen[bytes], waits: list[float]) -> None:
    """Note how long a child waits for a core, and the most memory that it had, as Linux counts; end one that does not end.

    The resource usage of a child that was waited for counts the memory of this process at the fork, too.
    """
    started = time.monotonic()
    while child.returncode is None and time.monotonic() - started - waits[0] < 2 * MOST_SECONDS:
        with suppress(OSError, ValueError, IndexError):
            waits[0] = int(Path(f"/proc/{child.pid}/schedstat").read_text().split()[1]) / 1e9
            status = Path(f"/proc/{child.pid}/status").read_text()
            waits[1] = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        time.sleep(0.05)
    if child.returncode is None:
        child.kill()


def main() -> int:
    """Print a line a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument(
        "--few", action="store_true", help="ask 14 probes, not 200: enough for each limit on answers in a row"
    )
    options = parser.parse_args()
    every = {**SERVERS, **TRANSPORTS}
    wanted = {
        name: serve for name, serve in every.items() if not options.names or any(word in name for word in options.names)
    }
    probes = [word for probe in FEW for word in ("--probe", probe)] if options.few else []
    with ThreadPoolExecutor(options.at_once) as pool:
        outcomes = []
        for done in as_completed([pool.submit(recorded, *entry, *probes) for entry in wanted.items()]):
            outcome = done.result()
            outcomes.append(outcome)
            bad = f" BAD: {', '.join(outcome.problems)}" if outcome.problems else ""
            print(
                f"{outcome.name:36} exit {outcome.code}  {outcome.seconds:4.0f} s ({outcome.waited:.0f} waited)  {outcome.cpu:5.1f} CPU s  "
                f"{outcome.megabytes:4.0f} MB  {outcome.asked:3} connections{bad}\n    {outcome.last[:150]!r}",
                flush=True,
            )
    worst = max(outcomes, key=lambda outcome: outcome.seconds - outcome.waited)
    largest = max(outcomes, key=lambda outcome: outcome.megabytes)
    failed = sum(bool(outcome.problems) for outcome in outcomes)
    print(
        f"{len(outcomes)} servers, {failed} failed; longest {worst.seconds - worst.waited:.0f} s ({worst.name}), "
        f"largest {largest.megabytes:.0f} MB ({largest.name})"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
