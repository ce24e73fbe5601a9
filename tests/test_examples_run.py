"""The examples in other languages pass where their tool is: Node with Vitest installed, Go."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
#: A folder with `node_modules/vitest`: nothing is downloaded by a test.
VITEST = os.environ.get("CONFORMANCE_VITEST", "")

pytestmark = pytest.mark.enable_socket


def environment() -> dict[str, str]:
    command = shutil.which("conformance", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command is not installed beside this Python")
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "CONFORMANCE": command}


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / name, folder / name))


def test_the_vitest_example_passes(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no Node here")
    if not (Path(VITEST) / "node_modules/vitest").is_dir() or not VITEST:
        pytest.skip("CONFORMANCE_VITEST names no folder in which `npm install vitest` was run")
    project = copied("vitest", tmp_path)
    (project / "node_modules").symlink_to(Path(VITEST, "node_modules").resolve())
    command = ["node", "node_modules/vitest/vitest.mjs", "run"]
    done = subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_agent_of_the_node_example_asks_again_when_the_provider_is_down(tmp_path: Path) -> None:
    """The same example without Vitest, which needs a download: Node alone runs the agent against the server."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here")
    project = copied("vitest", tmp_path)
    (project / "run.mjs").write_text(
        'import { ask } from "./agent.mjs";\nimport { serve } from "./provider.mjs";\n'
        'const flaky = await serve("--as", "groq", "--fault", "flaky.one_in_three");\n'
        'console.log(await ask(flaky.url, "Reply with exactly: pong"));\nawait flaky.stop();\n',
        "utf-8",
    )
    done = subprocess.run(
        [node, "run.mjs"], cwd=project, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "pong"), done.stderr


def test_the_go_example_passes(tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("there is no Go here")
    project = copied("go", tmp_path)
    done = subprocess.run(
        [go, "test", "./..."], cwd=project, env=environment(), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
