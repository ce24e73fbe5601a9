"""The openai SDK, with its own assembly of streams (`chat.completions.stream`)."""

from __future__ import annotations

from typing import Any

from loop import Case, drive, whole  # type: ignore[import-not-found] # it stands beside this script
from openai import OpenAI


def _client(case: Case) -> OpenAI:
    return OpenAI(
        base_url=case["base_url"], api_key=case["api_key"], max_retries=case["retries"], timeout=case["timeout"]
    )


def chat(case: Case) -> dict[str, Any]:
    """Ask for a completion."""
    body = dict(case["body"])
    completions = _client(case).chat.completions
    if not body.pop("stream", False):
        return whole(completions.create(**body))
    with completions.stream(**body) as stream:
        for _ in stream:
            pass
        return whole(stream.get_final_completion())


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    return {"models": [each.id for each in _client(case).models.list()]}


if __name__ == "__main__":
    drive(["openai"], chat=chat, models=models)
