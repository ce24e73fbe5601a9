"""A client of ours that needs no SDK: it reads a plain answer as it stands, and behaves badly on request (`MANNER` in the environment)."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "conformance" / "emulator" / "clients" / "drivers"))
import loop


class HTTPStatusError(Exception):
    """The server answered with a status of 400 or more."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status_code = status


def read(case: dict[str, Any], path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    headers = {"content-type": "application/json", "authorization": f"Bearer {case['api_key']}"}
    data = json.dumps(body).encode() if body is not None else None
    for left in range(case["retries"], -1, -1):
        try:
            request = urllib.request.Request(f"{case['base_url']}/v1{path}", data, headers)  # noqa: S310 - the loopback
            with urllib.request.urlopen(request, timeout=case["timeout"]) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if not (left and error.code >= 500):
                raise HTTPStatusError(error.code) from error
    raise AssertionError


def chat(case: dict[str, Any]) -> dict[str, Any]:
    manner = os.environ.get("MANNER", "honest")
    if manner == "ends":
        raise SystemExit(3)
    sys.stdout.write("an SDK's chatter on standard output must not come between the lines\n")
    if manner == "picky" and "n" in case["body"]:
        raise TypeError
    body = {name: value for name, value in case["body"].items() if manner != "forgets" or "tool" not in name}
    answer = read(case, "/chat/completions", body)
    if manner == "hangs" and case["body"]["messages"][0]["content"] != "Hi":
        sys.stdin.read()
    choices = [
        {
            "text": each["message"].get("content"),
            "reasoning": None,
            "tool_calls": [{"id": call["id"], **call["function"]} for call in each["message"].get("tool_calls") or ()],
            "finish_reason": each["finish_reason"],
        }
        for each in answer["choices"]
    ]
    if manner == "loses":
        choices[0]["text"] = choices[0]["text"][:-1]
    return loop.answered(choices, answer.get("usage"))


def models(case: dict[str, Any]) -> dict[str, Any]:
    return {"models": [each["id"] for each in read(case, "/models", None)["data"]]}


if __name__ == "__main__":
    loop.drive([], chat=chat, models=models)
