"""Three readers' questions, answered by clicks in the system's Chromium: `python -m tests.browser.readers`.

Is it safe for tool calls? What broke since last time? What should I do next? And a failing cell in Allure shows its request and
its answer. Needs Node, npm and Chromium; playwright-core is installed into the environment once, as `python -m tests.browser` does.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser import changed_world
from tests.browser.__main__ import BROWSERS, PACKAGES, TOOLS

#: Our own policy stops Allure from naming a base address, and the browser says so.
_OUR_POLICY = "base-uri 'none'"


def missing() -> str:
    """Return what is not here, in words; empty where the clicks can be made without a download."""
    if not (shutil.which("node") and any(map(shutil.which, BROWSERS))):
        return "Node and Chromium are needed"
    if not (TOOLS / "node_modules/playwright-core").is_dir():
        return "playwright-core is not installed: python -m tests.browser.readers"
    return ""


def answers(reports: Path) -> dict[str, dict[str, Any]]:
    """Click through both reports and return what was seen, by task.

    Raises:
        AssertionError: the script ended early; the message is what it printed.
    """
    node = str(shutil.which("node"))
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    # Node looks for packages beside the script.
    script = shutil.copy(Path(__file__).with_name("readers.mjs"), TOOLS)
    command = [node, script, browser, str(reports), *changed_world.CHANGED, changed_world.EMULATED]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {line.pop("task"): line for line in map(json.loads, done.stdout.splitlines())}


def unanswered(reports: Path) -> list[str]:
    """Return what a reader did not find, one line a lack; none where every question was answered."""
    seen = answers(reports)
    _, rule = changed_world.CHANGED
    safe, broke, after = seen["safe for tool calls"], seen["what broke"], seen["what next"]
    again = changed_world.call(reports.parent, *shlex.split(after["command"])[1:])
    attached, quiet = seen["failing cell in Allure"], seen["quiet"]
    checks = {
        "the first screen says that the emulated target is not known": (safe["first"], "not known"),
        "the target's first screen answers for tool calls": (safe["tile"], "not known"),
        "the field evidence of tool calls is shown": (safe["field"], "public recordings"),
        "the first screen shows the injected change": (broke["broke"], "pass → fail"),
        "a click shows the finding": (broke["article"], "'robot'"),
        "the first screen names the next command": (after["step"], f"conformance explain fake/m-{rule}"),
    }
    lacks = [
        f"{claim}: {spot}"
        for claim, (spot, words) in checks.items()
        if not spot["inside"] or words not in spot["words"]
    ]
    if again.returncode != 1 or "'robot'" not in again.stdout:
        lacks.append(f"the next command shows the failure: {again}")
    if "curl " not in attached["request as curl"] or "HTTP 200" not in attached["transcript"]:
        lacks.append(f"the failing cell in Allure shows curl and transcript: {attached}")
    lacks += [line for line in quiet["errors"] if _OUR_POLICY not in line]
    return lacks + [f"asked for from elsewhere: {url}" for url in quiet["outside"]]


def main() -> int:
    """Make the project, click, print, and return 0 (every question answered, or skipped with the reason) or 1."""
    npm = shutil.which("npm")
    if npm and shutil.which("node") and not (TOOLS / "node_modules/playwright-core").is_dir():
        TOOLS.mkdir(exist_ok=True)
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
        subprocess.run(install, cwd=TOOLS, check=True)
    if lack := missing():
        print(f"skipped: {lack}")  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory() as folder:
        lacks = unanswered(changed_world.make(Path(folder) / "project"))
    print(*(lacks or ["three questions answered, a failing cell shown, no console error, no request"]), sep="\n")  # noqa: T201
    return bool(lacks)


if __name__ == "__main__":
    sys.exit(main())
