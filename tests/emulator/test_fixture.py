"""The fixture for tests of applications, as an application's own test suite uses it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx
import openai
import pytest

from conformance.emulator.server import provider_server as server
from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.enable_socket
#: What a user writes, word for word but for the client.
SUITE = """\
import httpx

def test_my_app(provider_server):
    url = provider_server("groq")
    assert provider_server("groq") == url
    assert provider_server("groq", seed=1) != url
    assert provider_server("cerebras", model="mine").endswith("/v1")
    models = httpx.get(url + "/models", headers={"authorization": "Bearer any"}, trust_env=False)
    assert models.json()["object"] == "list"
"""


def test_a_user_s_test_gets_a_base_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["conformance.emulator.pytest_plugin"]\n', "utf-8")
    (tmp_path / "test_a_users_app.py").write_text(SUITE, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    threads = threading.active_count()
    assert pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "test_a_users_app.py"]) == 0
    assert threading.active_count() == threads


def test_without_pytest_it_is_a_with_block() -> None:
    with server("groq") as url:
        assert httpx.get(f"{url}/models", trust_env=False).status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/models", trust_env=False)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(UnusableInputError, match=r"no\.such_fault"), server("groq", faults=["no.such_fault"]):
        pass


def test_a_fault_of_a_dialect_that_the_provider_does_not_speak_is_refused() -> None:
    with (
        pytest.raises(UnusableInputError, match="cerebras does not speak"),
        server("cerebras", faults=["responses.cut"]),
    ):
        pass


def test_the_openai_sdk_asks_responses_of_the_same_server_as_chat_completions() -> None:
    with server("openai", model="gpt-4.1-mini") as url, openai.OpenAI(base_url=url, api_key="any") as client:
        chat = client.chat.completions.create(
            model="gpt-4.1-mini", messages=[{"role": "user", "content": "Say hello."}]
        )
        first = client.responses.create(model="gpt-4.1-mini", input="My cat is called Bob.")
        second = client.responses.create(
            model="gpt-4.1-mini", input="What is my cat called?", previous_response_id=first.id
        )
        with client.responses.stream(model="gpt-4.1-mini", input="Say hello.") as stream:
            final = stream.get_final_response()
        assert client.responses.retrieve(first.id).output_text == first.output_text
    assert chat.choices[0].message.content
    assert "Bob" in second.output_text
    assert final.status == "completed"
    assert final.output_text


def test_the_openai_sdk_sees_a_stream_without_its_end() -> None:
    with (
        server("openai", model="gpt-4.1-mini", faults=["responses.terminal_missing"]) as url,
        openai.OpenAI(base_url=url, api_key="any") as client,
        client.responses.stream(model="gpt-4.1-mini", input="Say hello.") as stream,
        pytest.raises(RuntimeError, match=r"response\.completed"),
    ):
        stream.get_final_response()


#: A call with a slip, and the one line that a reader needs.
SLIPS = {
    "'grok'": "provider 'grok' is unknown; did you mean groq?",
    "'groq', faults=['stream.ct']": "fault 'stream.ct' is unknown; did you mean stream.cut",
    "'groq', fault=['stream.cut']": "provider_server has no argument 'fault'; did you mean faults?",
}


def test_a_slip_is_one_line_without_a_traceback_of_ours(tmp_path: Path) -> None:
    tests = (f"def test_{number}(provider_server):\n    provider_server({call})\n" for number, call in enumerate(SLIPS))
    text = "\n".join(('pytest_plugins = ["conformance.emulator.pytest_plugin"]', *tests))
    (tmp_path / "test_it.py").write_text(text, "utf-8")
    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if line.startswith("E  ")]
    assert len(errors) == len(SLIPS)
    assert all(line in error for line, error in zip(SLIPS.values(), errors, strict=True))
    assert "contextlib.py" not in done.stdout
