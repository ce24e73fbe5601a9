"""`conformance serve` as a service for other languages: every provider on one port, a page, a health check, a log, CORS, clean ends."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from serving import serving

from conformance import __version__
from conformance.emulator.guard import Guard
from conformance.emulator.site.every_provider import every_provider
from conformance.emulator.site.health import Healthy
from conformance.emulator.site.log import Logged
from conformance.emulator.site.page import snippets
from conformance.providers import load_providers

SITE = every_provider(load_providers())
HELLO = {"model": "openai/gpt-oss-120b", "messages": [{"role": "user", "content": "Reply with exactly: OK"}]}


def get(app: Any, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return await http.request(method, path, **more)

    return asyncio.run(asked())


def test_every_provider_answers_below_its_own_name() -> None:
    answer = get(SITE, "/groq/openai/v1/chat/completions", "POST", json=HELLO, headers={"authorization": "Bearer any"})
    assert (answer.status_code, answer.json()["choices"][0]["message"]["content"]) == (200, "OK")
    assert get(SITE, "/cerebras/v1/models", headers={"authorization": "Bearer any"}).json()["object"] == "list"
    assert len(SITE.emulators) > 10


def test_a_snippet_of_every_provider_asks_what_its_emulation_answers() -> None:
    refused = []
    for entry in SITE.listed:
        texts = dict(snippets("http://127.0.0.1", entry))
        assert set(texts) == {"Python", "Node", "curl"}
        words = texts["curl"].split("'")
        url, header = texts["curl"].split('"')[1], texts["curl"].split('"')[5]
        name, _, key = header.partition(": ")
        answer = get(SITE, url, "POST", json=json.loads(words[1]), headers={name: key})
        if answer.status_code != 200:
            refused.append((entry.name, answer.text))
    assert not refused


def test_the_page_lists_every_provider_and_loads_nothing_from_elsewhere() -> None:
    answer = get(SITE, "/", headers={"host": "localhost:8080"})
    assert all(f"<b>{name}</b>" in answer.text for name in SITE.emulators)
    assert "http://localhost:8080/groq/openai/v1" in answer.text
    assert "src=" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_host_header_cannot_write_into_the_page() -> None:
    answer = get(SITE, "/", headers={"host": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text


def test_an_unknown_provider_is_404_and_names_the_known_ones() -> None:
    answer = get(SITE, "/nobody/v1/models")
    assert (answer.status_code, "groq" in answer.text) == (404, True)


def test_health_is_answered_before_the_app() -> None:
    answer = get(Healthy(SITE, ("groq",)), "/healthz")
    assert answer.json() == {"status": "ok", "version": __version__, "serves": ["groq"]}


def test_a_page_of_another_origin_reads_nothing_unless_its_origin_was_named() -> None:
    origin, other = {"origin": "http://localhost:5173"}, {"origin": "http://evil.example"}
    closed, opened = Guard(SITE), Guard(SITE, origins=["http://localhost:5173"])
    names = [name for name in get(closed, "/cerebras/v1/models", headers=origin).headers if "access-control" in name]
    assert not names
    assert get(opened, "/", headers=origin).headers["access-control-allow-origin"] == origin["origin"]
    assert "access-control-allow-origin" not in get(opened, "/", headers=other).headers
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    preflight = get(opened, "/groq/openai/v1/chat/completions", "OPTIONS", headers={**origin, **asks})
    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (204, "authorization")
    assert get(opened, "/", "OPTIONS", headers={**other, **asks}).status_code != 204


def test_a_foreign_host_is_refused_whatever_the_origin() -> None:
    answer = get(
        Guard(SITE, origins=["*"]), "/", headers={"host": "rebound.example", "origin": "http://rebound.example"}
    )
    assert answer.status_code == 403


def test_a_log_line_holds_no_key_and_stays_one_line() -> None:
    lines: list[str] = []
    today = datetime(2026, 11, 29, tzinfo=UTC)
    app = Logged(SITE, "json", lines.append, now=lambda: 0.0, today=lambda: today)
    get(app, "/groq/openai/v1/models?key=sk-secret", headers={"authorization": "Bearer sk-secret"})
    assert [json.loads(line) for line in lines] == [
        {
            "time": "2026-11-29T00:00:00.000Z",
            "method": "GET",
            "path": "/groq/openai/v1/models",
            "status": 200,
            "seconds": 0.0,
            "first_byte": 0.0,
            "bytes": json.loads(lines[0])["bytes"],
            "complete": True,
        }
    ]
    texts: list[str] = []
    get(Logged(SITE, "text", texts.append), "/groq/a%0Ab")
    assert "\n" not in texts[0]


def test_health_checks_are_not_logged() -> None:
    lines: list[str] = []
    get(Logged(Healthy(SITE, ()), "json", lines.append), "/healthz")
    assert lines == []


@pytest.mark.enable_socket
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_with_0_and_nothing_on_stderr(sent: signal.Signals) -> None:
    with serving("--all", "--speed", "1000", "--log", "json") as (url, started), httpx.Client(trust_env=False) as http:
        assert http.get(f"{url}healthz").json()["status"] == "ok"
        answer = http.post(f"{url}groq/openai/v1/chat/completions", json=HELLO, headers={"authorization": "Bearer any"})
        assert answer.json()["choices"][0]["message"]["content"] == "OK"
        started.send_signal(sent)
        out, error = started.communicate(timeout=20)
        assert (started.returncode, error) == (0, "")
        assert json.loads(out.splitlines()[-1])["path"] == "/groq/openai/v1/chat/completions"
