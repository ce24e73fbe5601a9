"""`python -m tests.hostile.kills [--n 200]`: kills recorders, lets two record at once, fills the disk, takes the right to write away.

Half of the kills come at a random time, half in the midst of writing a file: before its first byte, within, before and after it takes
its place. After each kill the recording is resumed with `--missing`. Counted are cassettes that the recorder said it had and that
are not there (lost), those that cannot be read (torn), probes that were asked although they were recorded, and files that were left beside.
A tenth of the recorders are the whole command, with its reports; the others only ask and keep, so that more kills fall into that.
Needs `os.fork`; `--tmpfs` also fills a small file system, and needs the right to mount one.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.hostile.bad_disks import bad_disks, small_file_system
from tests.hostile.recorders import ASKED, KEPT, PROBES, Recorder, cassettes, new_folder, provider, warm_up

if TYPE_CHECKING:
    from collections.abc import Callable


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
            folder, url, before=_die_at_write(place, lot.randint(1, len(PROBES) + 3 * whole)), whole=whole
        )
    counted["ended before"] += recorder.ended() != -signal.SIGKILL
    there, torn, _ = cassettes(folder)
    told = set(KEPT.findall(recorder.text))
    counted["lost"] += len(told - there)
    counted["torn"] += torn
    again = Recorder(folder, url, "--missing", whole=whole)
    code = again.ended()
    counted["resume failed"] += code not in {0, 1, 2}
    after, torn, beside = cassettes(folder)
    counted["torn"] += torn
    counted["lost"] += len(there - after)
    counted["not complete"] += after != set(PROBES)
    counted["asked again"] += len(there & set(ASKED.findall(again.text)))
    counted["files left"] += beside
    counted["in the midst"] += 0 < len(there) < len(PROBES)
    if any(counted[name] for name in ("lost", "torn", "resume failed", "not complete", "asked again", "files left")):
        print(dict(counted), sorted(set(PROBES) - after), again.text[-600:])
    recorder.printed.unlink(missing_ok=True)
    again.printed.unlink(missing_ok=True)
    return counted


def two_at_once(folder: Path, url: str, *, whole: bool) -> Counter[str]:
    """Let two recorders write one folder."""
    both = [Recorder(folder, url, whole=whole), Recorder(folder, url, whole=whole)]
    codes = [recorder.ended() for recorder in both]
    told = set().union(*(KEPT.findall(recorder.text) for recorder in both))
    good, torn, beside = cassettes(folder)
    return Counter(
        {
            "two at once": 1,
            "lost": len(told - good) + (good != set(PROBES)),
            "torn": torn,
            "files left": beside,
            "tracebacks": sum("Traceback" in recorder.text for recorder in both)
            + sum(code not in {0, 1, 2} for code in codes),
        }
    )


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
            if cassettes(folder)[0] != set(PROBES):
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
