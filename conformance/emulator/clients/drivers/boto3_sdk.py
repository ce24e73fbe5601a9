"""boto3's client of Bedrock's runtime. It has no assembly of streams: blocks are joined by their index, as its examples do."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from loop import Case, answered, drive


def _client(case: Case) -> Any:
    patience = {"connect_timeout": case["timeout"], "read_timeout": case["timeout"]}
    config = Config(retries={"total_max_attempts": case["retries"] + 1, "mode": "standard"}, proxies={}, **patience)
    # A pair of keys that signs, in place of a bearer token: botocore sends that one over HTTPS alone.
    keys = {"aws_access_key_id": case["api_key"], "aws_secret_access_key": case["api_key"]}
    return boto3.client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=case["base_url"], config=config, **keys
    )


def chat(case: Case) -> dict[str, Any]:
    """Converse."""
    body = dict(case["body"])
    streamed = body.pop("stream", False)
    asked = {"modelId": body.pop("model"), **body}
    if not streamed:
        answer = _client(case).converse(**asked)
        blocks = answer["output"]["message"]["content"]
        return _result(blocks, answer["stopReason"], answer["usage"])
    return _joined(_client(case).converse_stream(**asked)["stream"])


def _joined(events: Any) -> dict[str, Any]:
    blocks: dict[int, dict[str, Any]] = {}
    reason, usage = None, None
    for event in events:
        if "contentBlockStart" in event:
            start = event["contentBlockStart"]
            if "toolUse" in start["start"]:
                blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"], "input": ""}}
        elif "contentBlockDelta" in event:
            told = event["contentBlockDelta"]
            _add(blocks.setdefault(told["contentBlockIndex"], {}), told["delta"])
        elif "messageStop" in event:
            reason = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            usage = event["metadata"]["usage"]
    return _result([blocks[index] for index in sorted(blocks)], reason, usage)


def _add(block: dict[str, Any], delta: dict[str, Any]) -> None:
    if "text" in delta:
        block["text"] = block.get("text", "") + delta["text"]
    if "toolUse" in delta:
        block["toolUse"]["input"] += delta["toolUse"]["input"]
    thought = delta.get("reasoningContent", {}).get("text")
    if thought is not None:
        whole = block.setdefault("reasoningContent", {}).setdefault("reasoningText", {"text": ""})
        whole["text"] += thought


def _result(blocks: list[dict[str, Any]], reason: Any, usage: Any) -> dict[str, Any]:
    calls = [block["toolUse"] for block in blocks if "toolUse" in block]
    thoughts = [block["reasoningContent"].get("reasoningText", {}) for block in blocks if "reasoningContent" in block]
    choice = {
        "text": "".join(block.get("text", "") for block in blocks),
        "reasoning": "".join(thought.get("text", "") for thought in thoughts),
        "tool_calls": [{"id": call["toolUseId"], "name": call["name"], "arguments": call["input"]} for call in calls],
        "finish_reason": reason,
    }
    counts = None
    if usage is not None:
        counts = {
            "prompt_tokens": usage["inputTokens"],
            "completion_tokens": usage["outputTokens"],
            "total_tokens": usage["totalTokens"],
        }
    return answered([choice], counts)


def _status(error: BaseException) -> Any:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(error, ClientError) else None


if __name__ == "__main__":
    drive(["boto3", "botocore"], _status, chat=chat)
