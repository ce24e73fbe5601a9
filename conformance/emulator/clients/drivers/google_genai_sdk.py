"""The google-genai SDK. It has no assembly of streams of its own: parts are joined in their order, as its chats do."""

from __future__ import annotations

from typing import Any

from google import genai
from google.genai import errors, types
from loop import Case, answered, drive


def _client(case: Case) -> genai.Client:
    return genai.Client(
        api_key=case["api_key"],
        http_options=types.HttpOptions(
            base_url=case["base_url"],
            timeout=int(case["timeout"] * 1000),  # milliseconds
            retry_options=types.HttpRetryOptions(attempts=case["retries"] + 1),
        ),
    )


def chat(case: Case) -> dict[str, Any]:
    """Ask for content."""
    body = dict(case["body"])
    streamed = body.pop("stream", False)
    config = {**body.pop("generationConfig", {})}
    asked = {"model": body.pop("model"), "contents": body.pop("contents")}
    asked["config"] = types.GenerateContentConfig.model_validate({**config, **body})
    client = _client(case)  # a name of its own: a client that nobody holds closes its connections
    if streamed:
        return _result(list(client.models.generate_content_stream(**asked)))
    return _result([client.models.generate_content(**asked)])


def _result(answers: list[Any]) -> dict[str, Any]:
    choices: dict[int, dict[str, Any]] = {}
    usage = None
    for answer in answers:
        usage = answer.usage_metadata or usage
        for candidate in answer.candidates or ():
            empty = {"text": "", "reasoning": "", "tool_calls": [], "finish_reason": None}
            choice = choices.setdefault(candidate.index or 0, empty)
            for part in (candidate.content.parts if candidate.content else None) or ():
                if part.text:
                    choice["reasoning" if part.thought else "text"] += part.text
                if part.function_call:
                    call = part.function_call
                    choice["tool_calls"].append({"id": call.id, "name": call.name, "arguments": call.args})
            if candidate.finish_reason:
                choice["finish_reason"] = candidate.finish_reason.value
    counts = None
    if usage is not None:
        said = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        counts = {
            "prompt_tokens": usage.prompt_token_count,
            "completion_tokens": said,
            "total_tokens": usage.total_token_count,
        }
    return answered(choices.values(), counts)


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    client = _client(case)
    return {"models": [model.name for model in client.models.list()]}


def _status(error: BaseException) -> Any:
    return error.code if isinstance(error, errors.APIError) else None


if __name__ == "__main__":
    drive(["google-genai"], _status, chat=chat, models=models)
