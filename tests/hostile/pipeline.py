"""`python -m tests.hostile.pipeline [--rounds N]`: a provider that writes secrets back, and everything that we write of it.

A server answers every probe with the very key of the run and with keys of others, in each coding and place: in completions, streams,
errors, headers and pages. The commands record, replay with Allure and transcripts, audit (text, JSONL, SARIF), explain and report. What they
print and every file that they write is read as a reader would, and searched. Exit code 1 where anything leaked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.hostile.bad_servers import answer
from tests.hostile.planted import CODINGS, PLACES, Planted, foreign_keys, leaked
from tests.hostile.secrets_matrix import OWN
from tests.hostile.servers import FEW, TOML, listening

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

_FOREIGN = ("plain", "json-unicode", "percent-all", "base64", "hex", "html")
_HEADERS = ("x-request-id", "x-echo", "www-authenticate", "server")
_AT_ONCE = 12  # texts of one completion


class Echo:
    """A server that writes what is to be planted, one after the other, and remembers what it wrote."""

    def __init__(self, key: str, foreign: list[str], lot: random.Random) -> None:
        self.wrote: list[Planted] = []
        self._lock = threading.Lock()
        own = [(key, coding, place) for coding in CODINGS for place in PLACES]
        others = [(other, coding, place) for other in foreign for coding in _FOREIGN for place in PLACES]
        self._left = own + others
        lot.shuffle(self._left)
        self._turn = 0

    def _next(self) -> Planted:
        key, coding, place = self._left[len(self.wrote) % len(self._left)]
        text = CODINGS[coding](key)
        case = Planted(f"{coding} in {place}", key, text.encode(), PLACES[place](text))
        self.wrote.append(case)
        return case

    def __call__(self, peer: socket.socket, over: threading.Event, bait: str) -> None:
        """Answer in one of the ways in turn."""
        del over, bait
        with self._lock:
            turn, self._turn = self._turn, self._turn + 1
            cases = [self._next() for _ in range(_AT_ONCE)]
        texts = [case.spelt.decode() for case in cases]
        headers = "".join(
            f"{name}: req {text}\r\n"
            for name, text in zip(_HEADERS, texts, strict=False)
            if text.isascii() and text.isprintable()
        )
        status, kind, body = "200 OK", "application/json", answer("It says: " + " then ".join(texts) + " ok")
        if turn % 4 == 1:
            status, body = (
                "400 Bad Request",
                json.dumps({"error": {"message": "you sent " + " and ".join(texts), "code": "bad"}}).encode(),
            )
        elif turn % 4 == 2:
            kind, body = ("text/event-stream" if "stream" in cases[0].name else "application/json"), cases[0].body
        elif turn % 4 == 3:
            kind, body = "text/html", f"<html><body>{' , '.join(texts)}</body></html>".encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{headers}content-length: {len(body)}\r\n\r\n"
        with suppress(OSError):
            peer.sendall(head.encode("utf-8", "replace") + body)


def _texts(path: Path) -> Iterator[bytes]:
    """Yield a file as it is, and the bodies of a cassette as the recorder reads them."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".yaml":
        with suppress(yaml.YAMLError):
            for interaction in yaml.safe_load(data).get("interactions", ()):
                for part in ("request", "response"):
                    body = interaction[part].get("body")
                    body = body.get("string") if isinstance(body, dict) else body
                    if body:
                        yield body if isinstance(body, bytes) else str(body).encode()
    if path.suffix in {".json", ".jsonl"}:
        for line in data.splitlines():
            with suppress(ValueError):
                yield from (text.encode() for text in _strings(json.loads(line)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def commands(url: str) -> dict[str, list[str]]:
    """Return what is run, by what its output is called."""
    probes = [word for probe in FEW for word in ("--probe", probe)]
    common = ["--providers", "providers", "--as-of", "2026-11-21"]
    return {
        "record": ["record", "fake/m", *common, "--base-url", url, *probes],
        "replay": [
            "run",
            "--target",
            "fake/m",
            *common,
            "--alluredir",
            "allure",
            "--transcripts",
            "-rA",
            "-vv",
            "--showlocals",
        ],
        "audit": ["audit", "cassettes", "--as-of", "2026-11-21"],
        "audit-jsonl": ["audit", "cassettes", "--format", "jsonl", "--as-of", "2026-11-21"],
        "audit-sarif": ["audit", "cassettes", "--format", "sarif", "--as-of", "2026-11-21"],
        "explain": ["explain", "fake/m-choice.message_role", "--providers", "providers", "--as-of", "2026-11-21"],
        "report-md": ["report", "--format", "md"],
        "report-junit": ["report", "--format", "junit"],
    }


def round_(key: str, foreign: list[str], seed: int) -> tuple[int, Counter[str], Counter[str]]:
    """Run every command once; return how many secrets were planted, the leaks by file and form, and the exit codes."""
    echo, leaks, codes = Echo(key, foreign, random.Random(seed)), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name, listening(echo) as served:
        folder = Path(name)
        (folder / "providers").mkdir()
        (folder / "providers" / "fake.toml").write_text(TOML)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "FAKE_API_KEY": key, "NO_PROXY": "*"}
        for what, words in commands(served.url).items():
            with (folder / f"printed-{what}.txt").open("wb") as out:
                done = subprocess.run(
                    [sys.executable, "-m", "conformance", *words],
                    cwd=folder,
                    stdout=out,
                    stderr=out,
                    env=environment,
                    check=False,
                )
            codes[f"{what}: exit {done.returncode}"] += 1
        texts = [
            (path.relative_to(folder).parts[0], text)
            for path in folder.rglob("*")
            if path.is_file() and path.parent.name != "providers"
            for text in _texts(path)
        ]
        for place, text in texts:
            for case in echo.wrote:
                if (case.spelt[:6] in text or case.spelt[:1] not in text) and leaked(case, text):
                    leaks[f"{place}: {case.name}"] += 1
        codes["files and texts searched"] += len(texts)
    return len(echo.wrote), leaks, codes


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=len(OWN))
    options = parser.parse_args()
    foreign, planted, leaks = list(foreign_keys().values()), 0, Counter[str]()
    for number, key in zip(range(options.rounds), OWN.values(), strict=False):
        more, lost, codes = round_(key, foreign[number :: len(OWN)], number)
        planted, leaks = planted + more, leaks + lost
        print(dict(codes), flush=True)
    for what, count in leaks.most_common(40):
        print(f"leaked {count} times: {what}")
    print(f"planted {planted}, leaked {sum(leaks.values())}")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
