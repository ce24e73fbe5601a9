"""`python -m tests.hostile.kills [--n 200]`: kills recorders, lets two record at once, fills the disk, takes the right to write away.

Half of the kills come at a random time, half in the midst of writing a file: before its first byte, within, before and after it takes
its place. After each kill the recording is resumed with `--missing`. Counted are cassettes that the recorder said it had and that
are not there (lost), those that cannot be read (torn), probes that were asked although they were recorded, and files that were left beside.
A tenth of the recorders are the whole command, with its reports; the others only ask and keep, so that more kills fall into that.
Needs `os.fork`; `--tmpfs` also fills a small file system, and needs the right to mount one.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.asking.address import Address
from conformance.asking.cassettes import Store
from conformance.asking.client import Budget
from conformance.asking.target import ask_target
from conformance.cli import main as conformance
from conformance.errors import UnusableInputError
from conformance.probes import load_probes
from conformance.providers import Target, load_providers
from conformance.recording.cassette import load
from tests.hostile.bad_servers import answer
from tests.hostile.servers import KEY, TOML, read_request

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from conformance.probes import Probe

_PROBES = ("plain", "multi-turn", "unicode", "sampling", "penalties", "user", "max-tokens")
_COMMAND = (
    "record", "fake/m", "--providers", "providers", "--as-of", "2026-11-21", *(word for probe in _PROBES for word in ("--probe", probe)),
)  # fmt: skip
_NOBODY = 65534
_KEPT = re.compile(r"^\[[^]]*\] fake/m (?P<probe>[\w.-]+): answered$", re.MULTILINE)
_ASKED = re.compile(r"^\[(?:again )?\d+/\d+\] fake/m (?P<probe>[\w.-]+): ", re.MULTILINE)


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
    import socket  # noqa: PLC0415 - the name is a type above

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
    return Target(providers["fake"], "m", "openai-chat"), [probes[probe] for probe in _PROBES]


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


def _die_at_write(place: str, count: int) -> Callable[[], None]:
    """Return what makes a process kill itself at its n-th file: `before` it, `within` it, or before and after it takes its place."""

    def arrange() -> None:
        left = [count]
        written, replaced = Path.write_text, os.replace

        def die_if(here: str) -> None:
            if here == place:
                left[0] -= 1
                if left[0] <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        def write_text(path: Path, text: str, *rest: Any, **named: Any) -> int:
            die_if("before")
            if place == "within" and left[0] == 1:
                written(path, text[: len(text) // 2], *rest, **named)
            die_if("within")
            return written(path, text, *rest, **named)

        def replace(*paths: Any, **named: Any) -> None:
            die_if("unplaced")
            replaced(*paths, **named)
            die_if("placed")

        Path.write_text, os.replace = write_text, replace  # type: ignore[method-assign]

    return arrange


def _fails_at_write(number: int, count: int) -> Callable[[], None]:
    """Return what makes each write from the n-th on leave half of it, and fail as the system would."""

    def arrange() -> None:
        left = [count]
        written = Path.write_text

        def write_text(path: Path, text: str, *rest: Any, **named: Any) -> int:
            left[0] -= 1
            if left[0] < 0:
                written(path, text[: len(text) // 2], *rest, **named)
                raise OSError(number, os.strerror(number))
            return written(path, text, *rest, **named)

        Path.write_text = write_text  # type: ignore[method-assign]

    return arrange


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


def kill_once(folder: Path, url: str, lot: random.Random, longest: float, *, timed: bool, whole: bool) -> Counter[str]:
    """Kill a recorder once, resume, and count what went wrong."""
    counted: Counter[str] = Counter(kills=1)
    if timed:
        recorder = Recorder(folder, url, whole=whole)
        time.sleep(lot.uniform(0, longest))
        os.kill(recorder.process, signal.SIGKILL)
    else:
        place = lot.choice(("before", "within", "unplaced", "placed"))
        recorder = Recorder(
            folder, url, before=_die_at_write(place, lot.randint(1, len(_PROBES) + 3 * whole)), whole=whole
        )
    counted["ended before"] += recorder.ended() != -signal.SIGKILL
    there, torn, _ = cassettes(folder)
    told = set(_KEPT.findall(recorder.text))
    counted["lost"] += len(told - there)
    counted["torn"] += torn
    again = Recorder(folder, url, "--missing", whole=whole)
    code = again.ended()
    counted["resume failed"] += code not in {0, 1, 2}
    after, torn, beside = cassettes(folder)
    counted["torn"] += torn
    counted["lost"] += len(there - after)
    counted["not complete"] += after != set(_PROBES)
    counted["asked again"] += len(there & set(_ASKED.findall(again.text)))
    counted["files left"] += beside
    counted["in the midst"] += 0 < len(there) < len(_PROBES)
    if any(counted[name] for name in ("lost", "torn", "resume failed", "not complete", "asked again", "files left")):
        print(dict(counted), sorted(set(_PROBES) - after), again.text[-600:])
    recorder.printed.unlink(missing_ok=True)
    again.printed.unlink(missing_ok=True)
    return counted


def two_at_once(folder: Path, url: str, *, whole: bool) -> Counter[str]:
    """Let two recorders write one folder."""
    both = [Recorder(folder, url, whole=whole), Recorder(folder, url, whole=whole)]
    codes = [recorder.ended() for recorder in both]
    told = set().union(*(_KEPT.findall(recorder.text) for recorder in both))
    good, torn, beside = cassettes(folder)
    return Counter(
        {
            "two at once": 1,
            "lost": len(told - good) + (good != set(_PROBES)),
            "torn": torn,
            "files left": beside,
            "tracebacks": sum("Traceback" in recorder.text for recorder in both)
            + sum(code not in {0, 1, 2} for code in codes),
        }
    )


def _bad_writes(folder: Path, url: str, before: Callable[[], None], why: str) -> Counter[str]:
    """Record where files cannot be written: the cassettes of before stay, one line says why, exit code 3."""
    first = Recorder(folder, url, "--max-requests", "4")
    first.ended()
    old, _, _ = cassettes(folder)
    recorder = Recorder(folder, url, before=before)
    code, text = recorder.ended(), recorder.text
    good, torn, beside = cassettes(folder)
    wrong = code != 3 or "cannot be written" not in text or "Traceback" in text or text.count("cannot be written") > 2
    if wrong or torn or beside or old - good or not old:
        print(why, code, sorted(old), sorted(good), text[-800:])
    return Counter(
        {
            why: 1,
            "lost": len((old | set(_KEPT.findall(text))) - good) + (not old),
            "torn": torn,
            "files left": beside,
            "wrong end": int(wrong),
        }
    )


def bad_disks(place: Path, url: str) -> Iterator[Counter[str]]:
    """Yield what became of each disk that takes no more."""
    for number, count in ((errno.ENOSPC, 0), (errno.EDQUOT, 1), (errno.ENOSPC, 2), (errno.ENOSPC, 5)):
        folder = new_folder(place, f"full-{count}")
        yield _bad_writes(folder, url, _fails_at_write(number, count), "full disk")
    folder = new_folder(place, "closed")

    def close() -> None:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o555)
        if os.getuid() == 0:
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)

    yield _bad_writes(folder, url, close, "read-only folder")


def small_file_system(place: Path, url: str) -> Counter[str]:
    """Record onto a file system of its own that is full."""
    folder = new_folder(place, "tmpfs")
    (folder / "cassettes").mkdir()
    subprocess.run(
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder / "cassettes")],
        check=True,
    )
    try:
        recorder = Recorder(folder, url)
        first = recorder.ended()
        fill = folder / "cassettes" / "fill"
        with suppress(OSError):
            fill.write_bytes(b"x" * (1 << 20))
        good, torn, beside = cassettes(folder)
        for path in (folder / "cassettes").rglob("*.yaml"):
            if path.stem == _PROBES[0]:
                path.unlink()
        again = Recorder(folder, url)
        code, text = again.ended(), again.text
        after, torn_after, beside_after = cassettes(folder)
        told = set(_KEPT.findall(recorder.text))
        wrong = code != 3 or "No space left on device" not in text or "Traceback" in text
        if wrong or first not in {0, 1, 2, 3}:
            print("tmpfs", first, code, text[-600:])
        return Counter(
            {
                "full file system": 1,
                "lost": len(told - good) + len(good - after - {_PROBES[0]}),
                "torn": torn + torn_after,
                "files left": beside + beside_after,
                "wrong end": int(wrong),
            }
        )
    finally:
        subprocess.run([shutil.which("umount") or "umount", str(folder / "cassettes")], check=True)


def main() -> int:
    """Print the figures; exit code 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tmpfs", action="store_true")
    options = parser.parse_args()
    lot = random.Random(options.seed)
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name, provider() as url:
        place = Path(name)
        place.chmod(0o777)
        warm_up(new_folder(place, "warm"), url)
        longest = {}
        for whole in (True, False):
            folder, started = new_folder(place, f"once-{whole}"), time.monotonic()
            recorder = Recorder(folder, url, whole=whole)
            code, longest[whole] = recorder.ended(), time.monotonic() - started
            if cassettes(folder)[0] != set(_PROBES):
                print(f"a recording that nobody kills is not complete, exit code {code}:\n{recorder.text[-2000:]}")
                return 1
        print(f"a whole recording takes {longest[True]:.1f} s, asking and keeping {longest[False]:.1f} s")
        for number in range(options.n):
            folder, whole = new_folder(place, f"kill-{number}"), number % 10 == 9
            counted += kill_once(folder, url, lot, longest[whole], timed=number % 4 < 2, whole=whole)
            shutil.rmtree(folder)
        for number in range(options.pairs):
            counted += two_at_once(new_folder(place, f"pair-{number}"), url, whole=number % 10 == 9)
        for outcome in bad_disks(place, url):
            counted += outcome
        if options.tmpfs:
            counted += small_file_system(place, url)
    bad = ("lost", "torn", "resume failed", "not complete", "asked again", "files left", "tracebacks", "wrong end")
    print({**counted, **{each: counted[each] for each in bad}})
    return 1 if any(counted[each] for each in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
