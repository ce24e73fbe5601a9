"""Fixtures that tests of more than one module share."""

from __future__ import annotations

import gc
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from world import KEY, PROBES, FakeServer, Wheel, World

from conformance.asking import client, retrying
from conformance.probes import load_probes
from conformance.rules.table import RULES
from conformance.runs import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from world import Judge

    from conformance.rules.table import Rule

ROOT = Path(__file__).parents[1]

# pytest reads this file in every run from the checkout, and `make report` installs no development dependency.
with suppress(ModuleNotFoundError):
    import hypothesis

    # A busy machine must not fail a property, and a run must find what the last one found.
    hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
    hypothesis.settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Keep the collected suite out of garbage collections, of which some tests and every pytest within a test ask for several."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """The wheel, built once a session."""
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, a development dependency")
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run([sys.executable, "-c", build, str(out)], cwd=ROOT, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(out / made.stdout.split()[-1]) as file:
        file.extractall(out / "site")
    return Wheel(out / "site")


class FakeClock:
    """A clock that only its own waiting moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Wait, at once."""
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the moment that it shows."""
        return self.at


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The clock of live runs: no test waits."""
    fake = FakeClock()
    monkeypatch.setattr(client, "REAL", client.Clock(fake.sleep, fake.now))
    return fake


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[World]:
    """A folder with a provider of our own, where commands run. What they import from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    # Its garbage collections take as long as such a run does, in a process that holds the whole suite.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:unraisableexception")
    # Reading the built-in probes takes half of such a run's time.
    monkeypatch.setattr(
        settings, "load_probes", lambda *extra, **given: load_probes(*extra, **given) if extra else PROBES
    )
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield World(tmp_path, capfd)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """The provider's server on the loopback, and its key in the environment."""
    fake = FakeServer()
    world.provider(base_url=fake.url)
    monkeypatch.setenv("FAKE_API_KEY", KEY)
    monkeypatch.setattr(retrying, "_FIRST_WAIT", 0.0)
    yield fake
    fake.close()


@pytest.fixture(params=["conformance run", "bare pytest"])
def judge(request: pytest.FixtureRequest, world: World) -> Judge:
    """Both commands that judge, one after the other: a verdict and an exit code are the same in each."""
    return world.run if request.param == "conformance run" else world.bare


@pytest.fixture
def table() -> Iterator[dict[str, Rule]]:
    """The rule table, to be changed; afterwards it is as it was, in its order: the cells of a run stand in it."""
    before = dict(RULES)
    yield RULES
    RULES.clear()
    RULES.update(before)


@pytest.fixture(autouse=True)
def _same_table() -> Iterator[None]:
    """A test that leaves another table, or another order of it, fails at once, and not the next test that reads it."""
    before = list(RULES)
    yield
    assert list(RULES) == before, "this test changed the rule table: let it take the fixture `table`"


@pytest.fixture
def own_rule(world: World) -> Iterator[Callable[[str], None]]:
    """A module `own_rules` with a rule `content.own` whose body a test writes; afterwards nobody knows it."""

    def write(body: str) -> None:
        world.write("own_rules.py", _RULES.format(body=body))

    yield write
    RULES.pop("content.own", None)


_RULES = """\
from conformance.rules.table import Finding, Severity, rule

@rule("content.own", over=lambda case: case.exchange.response, severity=Severity.ERROR, source="our house")
def own(response):
    '''An answer is as we like it.'''
    if True:
        {body}
"""
