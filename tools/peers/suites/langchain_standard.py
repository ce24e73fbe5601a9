"""langchain-tests' standard integration tests of chat models, against one emulated provider.

Runs in its own environment: `python langchain_standard.py` with the variables that `tools/peers/run.py` sets, and prints one line of
JSON a test (`case_lines.py`). No test is changed, and none is marked as expected to fail.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from case_lines import print_case
from langchain_tests.integration_tests import ChatModelIntegrationTests

if TYPE_CHECKING:
    from collections.abc import Mapping

CLIENT = os.environ["PEER_CLIENT"]
CAPABILITIES = frozenset(os.environ["PEER_CAPABILITIES"].split(","))
ORIGIN, BASE_URL, MODEL = os.environ["PEER_ORIGIN"], os.environ["PEER_BASE_URL"], os.environ["PEER_MODEL"]
KEY = "conformance-peer"

#: The class of a package, and how it takes the address: some clients append the version's path themselves.
CLASSES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "langchain-openai": ("langchain_openai.ChatOpenAI", {"base_url": BASE_URL, "api_key": KEY}),
    "langchain-groq": ("langchain_groq.ChatGroq", {"base_url": ORIGIN, "api_key": KEY}),
    "langchain-cerebras": ("langchain_cerebras.ChatCerebras", {"base_url": BASE_URL, "api_key": KEY}),
    "langchain-deepseek": ("langchain_deepseek.ChatDeepSeek", {"api_base": BASE_URL, "api_key": KEY}),
    "langchain-mistralai": ("langchain_mistralai.ChatMistralAI", {"endpoint": BASE_URL, "api_key": KEY}),
    "langchain-openrouter": ("langchain_openrouter.ChatOpenRouter", {"base_url": BASE_URL, "api_key": KEY}),
    "langchain-anthropic": ("langchain_anthropic.ChatAnthropic", {"base_url": ORIGIN, "api_key": KEY}),
    "langchain-google-genai": (
        "langchain_google_genai.ChatGoogleGenerativeAI",
        {"base_url": ORIGIN, "google_api_key": KEY},
    ),
}


class TestStandard(ChatModelIntegrationTests):
    """The tests, with the abilities that the provider's TOML states for the model."""

    @property
    def chat_model_class(self) -> Any:
        module, _, name = CLASSES[CLIENT][0].rpartition(".")
        return getattr(importlib.import_module(module), name)

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": MODEL, **CLASSES[CLIENT][1], **_usage()}

    @property
    def has_tool_calling(self) -> bool:
        return "tools" in CAPABILITIES

    @property
    def has_tool_choice(self) -> bool:
        return {"tool_choice_named", "tool_choice_required"} <= CAPABILITIES

    @property
    def has_structured_output(self) -> bool:
        return "json_schema" in CAPABILITIES

    @property
    def supports_json_mode(self) -> bool:
        return "json_object" in CAPABILITIES

    @property
    def supports_image_inputs(self) -> bool:
        return False  # the tests fetch an image from the network

    @property
    def supports_anthropic_inputs(self) -> bool:
        return CLIENT == "langchain-anthropic"

    @property
    def supports_model_override(self) -> bool:
        return bool(os.environ.get("PEER_OTHER_MODEL"))

    @property
    def model_override_value(self) -> str | None:
        return os.environ.get("PEER_OTHER_MODEL")


def _usage() -> dict[str, Any]:
    """Return the setting that clients of other addresses leave off, where the provider takes it: usage on streams."""
    asks = CLIENT == "langchain-openai" and "stream_usage" in CAPABILITIES
    return {"stream_usage": True} if asks else {}


class Reporter:
    """Prints the outcome of every test when it is known."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        call = report.when == "call"
        if not call and report.passed:
            return
        name = report.nodeid.rpartition("::")[2]
        outcome = "failed" if hasattr(report, "wasxfail") else report.outcome
        print_case(name, outcome, "" if report.passed else _why(report))


def _why(outcome: pytest.TestReport) -> str:
    if isinstance(outcome.longrepr, tuple):
        return str(outcome.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(outcome.longrepr, "reprcrash", None)
    return str(crash.message if crash else outcome.longrepr)


if __name__ == "__main__":
    # The project's own settings of pytest are not theirs. The tests may reach the loopback and nothing else.
    alone = ["-c", os.devnull, "--rootdir", str(Path(__file__).parent), "--confcutdir", str(Path(__file__).parent)]
    # The clients keep their connections from one test to the next, as an application does, so that all tests share one loop.
    one_loop = [f"-oasyncio_default_{kind}_loop_scope=session" for kind in ("test", "fixture")]
    plain = ["-p", "no:cacheprovider", "-p", "no:terminal", "--asyncio-mode=auto", "--benchmark-disable", *one_loop]
    ended = pytest.main([__file__, *alone, *plain, "--allow-hosts=127.0.0.1", *sys.argv[1:]], plugins=[Reporter()])
    sys.exit(ended not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED})
