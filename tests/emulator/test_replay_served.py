"""`conformance serve --replay` as a user starts it: what it says, what it answers, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from conformance.recording.cassette import load

CASSETTE = Path(__file__).parents[2] / "cassettes/llamacpp/smollm2-135m-instruct/openai-chat/stream-one-word.yaml"


@pytest.mark.enable_socket
def test_a_recorded_stream_is_served_to_any_client_until_ctrl_c() -> None:
    recorded = load(CASSETTE).exchanges[0]
    assert recorded.response is not None
    words = [sys.executable, "-m", "conformance", "serve", "--replay", str(CASSETTE), "--speed", "100"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = [server.stdout.readline(), server.stdout.readline()]
            assert said[0] == "replaying 1 exchange of 1 recording\n"
            found = re.search(r"http://127\.0\.0\.1:\d+/v1", said[1])
            assert found is not None, said
            with httpx.Client(trust_env=False, timeout=10) as http:
                answer = http.post(f"{found[0]}/chat/completions", content=recorded.request.body)
            assert answer.content == recorded.response.body
            assert answer.headers["x-conformance-evidence"] == "replayed"
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


def test_nothing_to_replay_is_one_line_and_exit_3(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "conformance", "serve", "--replay", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "no recording in this folder" in done.stderr
