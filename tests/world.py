"""A small world for tests: one provider that we invented, its cassettes, a server that answers as a test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from conformance import __version__
from conformance.cli import main
from conformance.probes import build_request, load_probes
from conformance.providers import Target, load_providers
from conformance.recording.cassette import cassette_path, save
from conformance.report.results import read_results
from conformance.wire.exchange import Eof, Evidence, Exchange, Request, Response, Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from conformance.probes import Probe

PROBES = load_probes()
KEY = "sk-fake-0123456789abcdefghij"
TARGET = "fake/m"
#: A rule that `plain` alone provokes where a target has no capability, so that one cassette decides its cell.
RULE = "choice.message_role"
#: The same, of severity warning.
WARNING = "schema.unique_keys"

_TOML = """\
name = "fake"
base_url = "{base_url}"
dialect = "openai-chat"
auth = {{ header = "Authorization", scheme = "Bearer", env = "FAKE_API_KEY" }}
capabilities = []
default_models = ["m"]
source = "invented"
read = 2026-11-21
[models.m]
price = {{ input = 2, output = 8, source = "invented", read = 2026-11-21 }}
"""


class Result(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


class Judge(Protocol):
    """A command that judges the provider's target."""

    def __call__(self, *arguments: str, target: str | None = TARGET) -> Result:
        """Run it."""


def completion(**changes: Any) -> dict[str, Any]:
    """Return a conforming completion, with members of its message replaced."""
    message = {"role": "assistant", "content": "The sky is blue.", "refusal": None} | changes
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1795000000,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14},
    }


#: It violates RULE.
BAD = completion(role="robot")


@dataclass(frozen=True)
class Answer:
    """What a server answers; `body` is JSON, or bytes as they are. `cut` announces more of it than it sends."""

    body: Any = field(default_factory=completion)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    type: str = "application/json"

    @property
    def bytes(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class FakeServer:
    """A provider on the loopback. `answer` is called with each request's body; `asked` remembers what came."""

    def __init__(self) -> None:
        self.answer: Callable[[dict[str, Any]], Answer] = lambda _: Answer()
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                try:
                    body = json.loads(raw)
                except ValueError:
                    body = {}
                body = body if isinstance(body, dict) else {}
                world.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                answer = world.answer(body)
                self.send_response(answer.status)
                length = len(answer.bytes) + (100 if answer.cut else 0)
                headers = {"content-type": answer.type, "content-length": str(length), "connection": "close"}
                for name, value in {**headers, **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.bytes)
                self.close_connection = True

            do_GET = do_POST  # noqa: N815 - http.server's name

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class Wheel(NamedTuple):
    """The built wheel, unpacked into `site`, and nothing of the checkout."""

    site: Path

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in a folder."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )


@dataclass
class World:
    """A folder with a provider `fake` in it, and commands run there, in this process."""

    folder: Path
    capfd: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        """Write the provider."""
        self.provider()

    def provider(self, more: str = "", *, base_url: str = "http://127.0.0.1:9/v1") -> None:
        """Write the provider's TOML, with more at its end."""
        self.write("providers/fake.toml", _TOML.format(base_url=base_url) + more)

    def deviation(self, *, expires: str = "2027-06-01", rule: str = RULE, more: str = "", **how: str) -> None:
        """Write the provider's TOML with one deviation; it stands on line 11."""
        text = f'[[deviation]]\nrule = "{rule}"\nreason = "a robot answers"\nsource = "an issue"\nexpires = {expires}\n{more}\n'
        self.provider(text, **how)

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    @property
    def target(self) -> Target:
        """The provider's only target."""
        return Target(load_providers(self.folder / "providers")["fake"], "m", "openai-chat")

    def cassette(
        self,
        body: Any = None,
        *,
        probe: str = "plain",
        status: int = 200,
        type: str = "application/json",  # noqa: A002 - the answer's word
        eof: Eof = "clean",
        evidence: Evidence = "recorded",
        probe_hash: str | None = None,
    ) -> Path:
        """Record a probe's only answer."""
        asked = PROBES[probe]
        answer = Answer(completion() if body is None else body, status, type=type)
        exchange = Exchange(
            f"{TARGET}:{probe}#0",
            _request(asked, self.target),
            Response(status, {"content-type": answer.type}, answer.bytes, eof),
            Timing(headers=0.1, end=0.3, chunks=((0.2, len(answer.bytes)),)),
            provider="fake",
            dialect="openai-chat",
            recorded_at=datetime(2026, 11, 20, tzinfo=UTC),
            evidence=evidence,
        )
        emulated = evidence == "emulated"
        path = cassette_path(self.folder / "cassettes", "fake", "m", "openai-chat", probe, emulated=emulated)
        save(path, [exchange], probe=probe, probe_hash=probe_hash or asked.hash, tool_version=__version__)
        return path

    def call(self, *arguments: str) -> Result:
        """Run `conformance` with these arguments."""
        self.capfd.readouterr()
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        return Result(code, *self.capfd.readouterr())

    def run(self, *arguments: str, target: str | None = TARGET) -> Result:
        """Run `conformance run` on the provider's target."""
        named = ("--target", target) if target else ()
        return self.call("run", *named, "--providers", "providers", "--as-of", "2026-11-21", *arguments)

    def bare(self, *arguments: str, target: str | None = TARGET) -> Result:
        """Run bare pytest with our plugin on the provider's target."""
        named = ("--target", target) if target else ()
        self.capfd.readouterr()
        given = ("--providers", "providers", "--as-of", "2026-11-21", "-p", "conformance.plugin")
        code = pytest.main([*given, "--pyargs", "conformance.suites", "-q", *named, *arguments])
        return Result(int(code), *self.capfd.readouterr())

    @property
    def results(self) -> dict[str, Any]:
        """The results file of the last run."""
        results: dict[str, Any] = read_results(self.folder / "reports/results.json")
        return results

    def verdict(self, rule: str = RULE) -> str:
        """The verdict of a cell in the results file."""
        return str(self.cell(rule)["verdict"])

    def cell(self, rule: str = RULE) -> dict[str, Any]:
        """A cell of the results file."""
        found: dict[str, Any] = next(each for each in self.results["cells"] if each["rule"] == rule)
        return found


def _request(probe: Probe, target: Target) -> Request:
    request = build_request(probe.steps[0], target, "https://fake.example/v1", {"authorization": f"Bearer {KEY}"})
    assert isinstance(request, Request)
    return request
