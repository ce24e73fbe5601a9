"""The parser of every verb: help in paragraphs, options in groups, examples, and one line that names the close word."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentError, ArgumentParser, HelpFormatter
from typing import TYPE_CHECKING, Final

from conformance.errors import UNUSABLE, close_words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: By verb: commands that somebody types as they are, with names of their own.
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "init": ("conformance init groq/openai/gpt-oss-120b --dry-run",),
    "run": (
        "conformance run                                        # replay every cassette, offline",
        "conformance run --target groq/openai/gpt-oss-120b --live --max-requests 100",
        "conformance run --target groq/openai/gpt-oss-120b -k tool_call --fail-on warning",
    ),
    "record": ("conformance record groq/openai/gpt-oss-120b --missing", "conformance record groq --emulated"),
    "audit": (
        "conformance audit my-cassettes/ capture.har --provider groq",
        "conformance audit gateway.jsonl.zst --group-by model,rule --severity error --top 10",
    ),
    "convert": (
        "conformance convert capture.har --to exchanges --output capture.jsonl",
        "conformance convert cassettes/ --to har --output archives/",
    ),
    "targets": ("conformance targets --cassettes tests/cassettes",),
    "probes": ("conformance probes plain", "conformance probes --probes my-probes/"),
    "workloads": ("conformance workloads",),
    "rules": ("conformance rules tool_call", "conformance rules usage.sum"),
    "providers": ("conformance providers groq", "conformance providers --format json"),
    "errors": ("conformance errors groq",),
    "serve": (
        "conformance serve --as groq --port 8080",
        "conformance serve --as cerebras --fault stream.cut",
        "conformance serve --replay cassettes/llamacpp",
    ),
    "upgrade": (
        "conformance upgrade groq/openai/gpt-oss-120b cerebras/gpt-oss-120b --html upgrade.html",
        "conformance upgrade --from-git main..HEAD",
    ),
    "clients": (
        "conformance clients --client openai --provider groq",
        "conformance clients --with openai==3.60.0",
    ),
    "models": ("conformance models groq/openai/gpt-oss-120b", "conformance models --scan . --fail-within 30"),
    "grounding": ("conformance grounding answers.jsonl --explain",),
    "latency": (
        "conformance latency groq/openai/gpt-oss-120b --record",
        "conformance latency before.jsonl after.jsonl",
        "conformance latency A/m B/m --interleave",
    ),
    "field": (
        "conformance field --provider groq",
        'conformance field gateway-logs/ --out reports/field     # then [tool.conformance] field = "reports/field"',
    ),
    "baseline": ("conformance run --target groq; conformance baseline     # then commit the file",),
    "gate": ("conformance gate --strict",),
    "profile": (
        "conformance profile agent --strict",
        "conformance profile --infer logs/ --out ours.toml",
    ),
    "choose": ("conformance choose --priority latency --need tools,json_schema",),
    "report": (
        "conformance report --format html                       # index.html, and Allure's page where its results are",
        'conformance report >> "$GITHUB_STEP_SUMMARY"',
    ),
    "explain": ("conformance explain groq/openai/gpt-oss-120b-usage.sum --all",),
    "completion": (
        'eval "$(conformance completion bash)"                  # in ~/.bashrc; the same for zsh',
        "conformance completion fish > ~/.config/fish/completions/conformance.fish",
    ),
}


class _Formatter(HelpFormatter):
    """Paragraphs stay paragraphs, and indented lines as they are written."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = [
            block
            if block.startswith("  ") or "\n  " in block
            else super(_Formatter, self)._fill_text(block, width, indent)
            for block in text.split("\n\n")
        ]
        return "\n\n".join(blocks)


class Parser(ArgumentParser):
    """A parser whose mistakes are one line with the close word, and exit code 3: argparse's 2 means undecided here."""

    def __init__(self, **how: object) -> None:
        super().__init__(**{"formatter_class": _Formatter, **how})  # type: ignore[arg-type]

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the problem on one line and exit."""
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)  # noqa: T201 - a command line prints
        raise SystemExit(UNUSABLE)

    def _check_value(self, action: Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            close = close_words(str(value), known) or f"choose from {', '.join(known)}"
            raise ArgumentError(action, f"{str(value)!r} is no choice; {close}")


def unrecognized(words: Iterable[str], known: Iterable[str]) -> str:
    """Return the complaint about words that a verb does not take, with the option that is close."""
    given, options = list(words), list(known)
    close = [text for word in given if word.startswith("-") and (text := close_words(word.partition("=")[0], options))]
    return f"unrecognized arguments: {' '.join(given)}" + (f"; {close[0]}" if close else "")


def epilog(verb: str, rest: str) -> str:
    """Return what stands below a verb's options: its examples, then the rest."""
    examples = EXAMPLES.get(verb, ())
    head = "\n".join(("examples:" if examples[1:] else "example:", *(f"  {line}" for line in examples))) + "\n\n"
    return (head if examples else "") + rest
