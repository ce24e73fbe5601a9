"""langchain-aws's chat model of Bedrock's Converse."""

from __future__ import annotations

from functools import partial
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from langchain_aws import ChatBedrockConverse
from langchain_messages import ask
from loop import Case, drive


def chat(case: Case) -> dict[str, Any]:
    """Converse."""
    patience = {"connect_timeout": case["timeout"], "read_timeout": case["timeout"]}
    retries = {"total_max_attempts": case["retries"] + 1, "mode": "standard"}
    settings = {
        "endpoint_url": case["base_url"],
        "region_name": "us-east-1",
        # A pair of keys that signs, as in boto3_sdk.py: a bearer token is sent over HTTPS alone.
        "aws_access_key_id": case["api_key"],
        "aws_secret_access_key": case["api_key"],
        "config": Config(retries=retries, proxies={}, **patience),
    }
    return ask(case, partial(ChatBedrockConverse, **settings), "stopReason")


def _status(error: BaseException) -> Any:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(error, ClientError) else None


if __name__ == "__main__":
    drive(["langchain-aws", "langchain-core", "boto3"], _status, chat=chat)
