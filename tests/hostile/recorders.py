"""Recorders in processes of their own, a provider for them, and what they leave in a folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.asking.address import Address
from conformance.asking.cassettes import Store
from conformance.asking.limits import Budget
from conformance.asking.target import ask_target
from conformance.cli import main as conformance
from conformance.errors import UnusableInputError
from conformance.probes import load_probes
from conformance.providers import Target, load_providers
from conformance.recording.cassette import load
from tests.hostile.bad_servers import answer
from tests.hostile.servers import KEY, TOML, read_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.probes import Probe

PROBES = ("plain", "multi-turn", "unicode", "sampling", "penalties", "user", "max-tokens")
_COMMAND = (
    "record", "fake/m", "--providers", "providers", "--as-of", "2026-11-21", *(word for probe in PROBES for word in ("--probe", probe)),
)  # fmt: skip
KEPT = re.compile(r"^\[[^]]*\] fake/m (?P<probe>[\w.-]+): answered$", re.MULTILINE)
ASKED = re.compile(r"^\[(?:again )?\d+/\d+\] fake/m (?P<probe>[\w.-]+): ", re.MULTILINE)


def _serve(door: socket.socket) -> None:
    """Answer every request in the same way, a little later."""

    def one(peer: socket.socket) -> None:
        with peer, suppress(OSError):
            read_request(peer)
            time.sleep(0.01)
            body = answer()
            peer.sendall(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
                % len(body)
                + body
            )

    while True:
        peer, _ = door.accept()
        threading.Thread(target=one, args=(peer,), daemon=True).start()


@contextmanager
def provider() -> Iterator[str]:
    """A provider in a process of its own; yields its base URL."""
    door = socket.create_server(("127.0.0.1", 0), backlog=64)
    child = os.fork()
    if child == 0:
        _serve(door)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/v1"
    finally:
        door.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


class Recorder:
    """A forked process that records into a folder; what it prints goes to a file."""

    def __init__(
        self, folder: Path, url: str, *options: str, before: Callable[[], None] = lambda: None, whole: bool = True
    ) -> None:
        self.printed = folder.with_name(f"{folder.name}-{time.monotonic_ns()}.txt")
        self.process = os.fork()
        if self.process == 0:
            self._record(folder, url, options, before, whole=whole)

    def _record(
        self, folder: Path, url: str, options: tuple[str, ...], before: Callable[[], None], *, whole: bool
    ) -> None:
        code = 70
        try:
            out = os.open(self.printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.chdir(folder)
            os.environ.update(FAKE_API_KEY=KEY, NO_PROXY="*", HOME=str(folder))
            before()
            code = (
                conformance([*_COMMAND, "--base-url", url, *options]) if whole else ask_and_keep(folder, url, *options)
            ) or 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 71
        except BaseException:  # noqa: BLE001 - told by the code
            import traceback  # noqa: PLC0415 - only then

            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def ended(self) -> int:
        """Wait, and return the exit code; that of a signal is negative."""
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)

    @property
    def text(self) -> str:
        """What was printed."""
        return self.printed.read_text("utf-8", "replace") if self.printed.exists() else ""


@cache
def _questions() -> tuple[Target, list[Probe]]:
    with tempfile.TemporaryDirectory() as name:
        providers = load_providers(new_folder(Path(name), "any") / "providers")
    probes = load_probes()
    return Target(providers["fake"], "m", "openai-chat"), [probes[probe] for probe in PROBES]


def ask_and_keep(folder: Path, url: str, *options: str) -> int:
    """Do what `conformance record` does until the answers are on disk."""
    target, probes, store = *_questions(), Store(folder / "cassettes")
    if "--missing" in options:
        probes = [probe for probe in probes if store.state(target, probe) in {"missing", "unusable"}]
    address = Address(cassettes=store.folder, as_of=date(2026, 11, 21), record=True, base_url=url)
    ask_target(
        target, probes, settings=address, store=store, budget=Budget(300), say=lambda line: print(line, flush=True)
    )
    return 0


def warm_up(folder: Path, url: str) -> None:
    """Record once in this process, so that what is forked from it has loaded everything."""
    _questions()
    stays = Path.cwd(), os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        os.chdir(folder)
        os.environ.update(FAKE_API_KEY=KEY, NO_PROXY="*")
        conformance([*_COMMAND, "--base-url", url])
    finally:
        os.chdir(stays[0])
        os.dup2(stays[1], 1)
        os.dup2(stays[2], 2)


def new_folder(place: Path, name: str) -> Path:
    """Return a folder with a provider, that anybody may write to."""
    folder = place / name
    (folder / "providers").mkdir(parents=True)
    (folder / "providers" / "fake.toml").write_text(TOML)
    for path in (folder, folder / "providers"):
        path.chmod(0o777)
    return folder


def cassettes(folder: Path) -> tuple[set[str], int, int]:
    """Return the probes that have a cassette, how many cannot be read, and how many files stand beside them."""
    good, torn, beside = set(), 0, 0
    for path in (entry for part in ("cassettes", "reports") for entry in (folder / part).rglob("*") if entry.is_file()):
        if path.name.startswith(".") or path.suffix == ".part":
            beside += 1
        elif path.suffix == ".yaml":
            try:
                good.add(load(path).probe)
            except UnusableInputError:
                torn += 1
    return good, torn, beside
