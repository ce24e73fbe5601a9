"""axe-core over pages of a report, in the system's Chromium: `python -m tests.browser reports/index.html ...`.

axe-core and playwright-core are installed by npm into the environment once. Without Node, npm or Chromium it says so and skips.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(sys.prefix) / "browser"
PACKAGES = ("axe-core@4.14.1", "playwright-core")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(pages: list[str]) -> int:
    """Check pages and return 0 (no violation, or skipped with the reason) or 1."""
    node, npm = shutil.which("node"), shutil.which("npm")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not (node and npm and browser):
        print("skipped: Node, npm and Chromium are needed")  # noqa: T201
        return 0
    TOOLS.mkdir(exist_ok=True)
    if not (TOOLS / "node_modules" / "axe-core").is_dir():
        subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES], cwd=TOOLS, check=True
        )
    # Node looks for packages beside the script.
    script = shutil.copy(Path(__file__).with_name("axe.mjs"), TOOLS)
    return subprocess.run(
        [node, script, browser, *(str(Path(page).resolve()) for page in pages)], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
