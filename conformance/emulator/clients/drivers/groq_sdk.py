"""The groq SDK. It has no assembly of streams of its own: chunks are joined by index, as its examples do."""

from __future__ import annotations

from typing import Any

from groq import Groq
from loop import Case, assembled, drive, whole  # type: ignore[import-not-found] # it stands beside this script


def _client(case: Case) -> Groq:
    return Groq(
        base_url=case["base_url"], api_key=case["api_key"], max_retries=case["retries"], timeout=case["timeout"]
    )


def chat(case: Case) -> dict[str, Any]:
    """Ask for a completion."""
    answer = _client(case).chat.completions.create(**case["body"])
    return assembled(answer) if case["body"].get("stream") else whole(answer)


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    return {"models": [each.id for each in _client(case).models.list().data]}


if __name__ == "__main__":
    drive(["groq"], chat=chat, models=models)
