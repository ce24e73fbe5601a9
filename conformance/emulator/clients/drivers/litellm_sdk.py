"""LiteLLM, with its own assembly of streams (`stream_chunk_builder`)."""

from __future__ import annotations

from typing import Any

import litellm
from loop import Case, drive, whole  # type: ignore[import-not-found] # it stands beside this script

litellm.suppress_debug_info = True
litellm.telemetry = False


def chat(case: Case) -> dict[str, Any]:
    """Ask for a completion; `route` is what LiteLLM wants before the model's name."""
    body = {**case["body"], "model": f"{case.get('route', 'openai')}/{case['body']['model']}"}
    answer = litellm.completion(
        **body,
        api_base=case["base_url"],
        api_key=case["api_key"],
        max_retries=case["retries"],
        timeout=case["timeout"],
    )
    if not body.get("stream"):
        return whole(answer)
    return whole(litellm.stream_chunk_builder(list(answer), messages=body["messages"]))


if __name__ == "__main__":
    drive(["litellm", "openai"], chat=chat)
