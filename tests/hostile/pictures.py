"""`python -m tests.hostile.pictures`: opens an Allure page full of baits in Chromium, and counts who fetched one.

A result names an image of a listener of ours in every way that Allure shows text: description, HTML, message, trace, steps,
attachments of text, HTML, SVG and Markdown. The page as Allure makes it is the control: where nothing is fetched from it, nothing is proved.
Skips without Node, Allure and Chromium.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from unittest import mock

from conformance.report import allure_html
from conformance.report.allure_pack import unpack

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


class Listener:
    """Takes every request of the loopback, and remembers the paths."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._door.accept()
                with peer, suppress(OSError):
                    self.asked.append(peer.recv(4096).split(b" ")[1].decode("latin-1"))
                    peer.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")


def write_results(folder: Path, bait: str) -> None:
    """Write two failed results of Allure's, with a bait of its own in each place."""

    def words(place: str) -> str:
        return f"![a]({bait}/{place}-md.png) <img src='{bait}/{place}-html.png'> <script>fetch('{bait}/{place}-script')</script>"

    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{bait}/svg.png" width="9" height="9"/></svg>'
    kinds = {
        "text/plain": words("text"),
        "text/html": words("page"),
        "image/svg+xml": svg,
        "text/markdown": words("markdown"),
    }
    attachments = []
    for number, (kind, text) in enumerate(kinds.items()):
        (folder / f"{number}-attachment").write_text(text)
        attachments.append({"name": words("name"), "source": f"{number}-attachment", "type": kind})
    result = {
        "uuid": _ID, "historyId": _ID, "testCaseId": _ID, "fullName": "a.b#c", "name": words("title"), "status": "failed",
        "stage": "finished", "start": 1_795_000_000_000, "stop": 1_795_000_000_100, "labels": [{"name": "suite", "value": words("suite")}],
        "description": words("description"), "descriptionHtml": words("descriptionHtml"),
        "statusDetails": {"message": words("message"), "trace": words("trace")}, "attachments": attachments,
        "steps": [{"name": words("step"), "status": "failed", "stage": "finished", "start": 1, "stop": 2, "attachments": attachments}],
        "links": [{"name": words("link"), "url": "https://h.example", "type": "link"}],
        "parameters": [{"name": "p", "value": words("parameter")}],
    }  # fmt: skip
    (folder / f"{_ID}-result.json").write_text(json.dumps(result))
    other = _ID[::-1]  # Allure makes HTML of a Markdown description where there is no HTML
    result |= {
        "uuid": other,
        "historyId": other,
        "testCaseId": other,
        "fullName": "a.b#d",
        "description": words("alone"),
    }
    del result["descriptionHtml"]
    (folder / f"{other}-result.json").write_text(json.dumps(result))


def opened(browser: str, page: Path, listener: Listener) -> list[str]:
    """Open a page at its beginning and at its test, and return the paths that were asked for."""
    listener.asked.clear()
    names = [Path(name).stem for name in unpack(page.read_text("utf-8")) if "test-results/" in name]
    for place in ("", *(f"#{name}{tab}" for name in names for tab in ("", "/attachments"))):
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom", f"{page.as_uri()}{place}"],
            check=False, capture_output=True, timeout=500,
        )  # fmt: skip
    return sorted(set(listener.asked))


def main() -> int:
    """Print what each page fetched; exit code 1 where ours fetched anything."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    tools = allure_html.default_tools()
    if browser is None or allure_html.find_node() is None or not (tools / "node_modules").is_dir():
        print("skipped: Node, Allure and Chromium are needed")
        return 0
    listener = Listener()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "results").mkdir()
        write_results(folder / "results", listener.address)
        with mock.patch.object(allure_html, "closed", lambda html: html):
            if allure_html.build_html(folder / "results", folder / "control.html", tools=tools) is None:
                return 3
        (folder / "ours.html").write_text(allure_html.closed((folder / "control.html").read_text("utf-8")), "utf-8")
        control, ours = (opened(browser, folder / page, listener) for page in ("control.html", "ours.html"))
    print(f"as Allure makes it: {len(control)} fetched: {', '.join(control)}")
    print(f"ours: {len(ours)} fetched: {', '.join(ours)}")
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
