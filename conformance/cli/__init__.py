"""The command line. A verb is one module of this package: it holds its arguments and its main."""

from __future__ import annotations

import gc
import os
import sys
import threading
from argparse import Namespace
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from conformance import __version__
from conformance.errors import CONFORMS, INTERRUPTED, UNUSABLE, UnusableInputError, suggest
from conformance.report.visible import VisibleStream, visible
from conformance.runs.command_line import Parser, epilog, unrecognized

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator, Sequence

#: Every verb with its sentence. The module is imported when the verb is called: pytest and the rule table are slow to import.
VERBS: Final = {
    "init": "set up your project: settings, a CI job, a hook, an example test",
    "run": "run the suites: replay cassettes, or ask the provider with --live",
    "record": "ask a target and write its cassettes",
    "audit": "judge recorded traffic: files or folders",
    "convert": "write recorded traffic of any tool as JSON lines, HAR or a cassette",
    "targets": "list the targets that have cassettes, and the evidence of each",
    "probes": "list the questions that a target is asked",
    "workloads": "list the latency workloads",
    "rules": "list the rules, or explain one",
    "providers": "validate the providers, and list the facts known of each",
    "errors": "show how each provider reports a failure, and how that is known",
    "serve": "answer as a provider does, or replay recordings, for any client",
    "upgrade": "may we upgrade from A to B: what breaks, what changes, one exit code",
    "clients": "try real SDKs on every provider, fault and recording",
    "models": "show when models retire: of targets, of files, or of the whole registry",
    "grounding": "label answers to prompts that carry a URL: made up, disclosed, grounded",
    "latency": "say whether a candidate is slower than its baseline: from files, recorded runs, or asked now",
    "field": "show how often public recordings break a client, or count your own",
    "baseline": "accept the failures of the last run, in a file to commit",
    "gate": "hold the last run against the baseline: only what is new fails",
    "profile": "say whether the targets of the last run fit one kind of client",
    "choose": "rank the targets of the last run by what was measured, with a fallback",
    "report": "write the last run as pages, Markdown, SARIF or JUnit",
    "explain": "show the evidence behind a cell's verdict",
    "completion": "print the completion script of a shell",
}
EXIT_CODES: Final = (
    "exit codes: 0 conforms, 1 a cell fails, 2 a cell is undecided, a named target is only emulated or nothing was judged,"
    " 3 the input cannot be used"
)
_OWN_OPTIONS: Final = ("-h", "--help", "--version")
_SEE_HELP: Final = "see conformance --help"
#: Verbs whose words pytest parses.
_OF_PYTEST: Final = ("run", "record")
#: Verbs that print a list: a reader may stop early. A judgement that nobody read to the end did not pass.
_LISTS: Final = ("targets", "probes", "workloads", "rules", "completion", "providers", "errors", "field")
_OF_LISTS: Final = "exit codes: 0 listed, 3 the input cannot be used"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (0 conforms, 1 fails, 2 undecided, 3 the input cannot be used)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is None:  # the whole process is ours
        hide_values()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an answer may hold a character that this terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    if words[:1] and words[0] in _OF_PYTEST:  # pytest colours its own lines
        return _guarded(words)
    with redirect_stdout(VisibleStream(sys.stdout)), redirect_stderr(VisibleStream(sys.stderr)):
        return _guarded(words)


def _guarded(words: list[str]) -> int:
    try:
        code = _call(words)
        sys.stdout.flush()
    except UnusableInputError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("conformance: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `conformance rules | head`
        _close_output()
        return CONFORMS if words[:1] and words[0] in _LISTS else UNUSABLE
    except Exception as error:  # noqa: BLE001 - exit code 1 means that a cell fails, and nothing else does
        return crashed(error)
    return code


def crashed(error: Exception) -> int:
    """Say in one line what went wrong that nobody foresaw, and return 3."""
    from conformance.runs.crashes import crash_line  # noqa: PLC0415 - most commands end without it

    print(f"conformance: {crash_line(error)}", file=sys.stderr)
    _close_output()
    return UNUSABLE


def hide_values() -> None:
    """Let an error that nobody takes, of this thread or another, print one line without secrets in the place of a traceback."""
    sys.excepthook = lambda _, error, __: _tell(error)
    threading.excepthook = lambda event: _tell(event.exc_value)
    sys.unraisablehook = lambda event: _tell(event.exc_value)


def _tell(error: BaseException | None) -> None:
    from conformance.runs.crashes import crash_line  # noqa: PLC0415 - most commands end without it

    if error is not None:
        with suppress(OSError, ValueError):
            print(f"conformance: {visible(crash_line(error))}", file=sys.stderr)


def _close_output() -> None:
    """Let what is left to print go nowhere: Python would try again at its end, and exit with another code."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser(verb: str = "") -> ArgumentParser:
    """Return a parser that knows every verb, and the arguments of `verb`."""
    description = (
        "Conformance and regression tests for LLM providers. `conformance VERB --help` explains a verb, with examples."
    )
    whole = Parser(prog="conformance", description=description, epilog=EXIT_CODES)
    whole.add_argument("--version", action="version", version=f"conformance {__version__}")
    verbs = whole.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb", parser_class=Parser)
    for name, sentence in VERBS.items():
        below = verbs.add_parser(name, help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
        if name == verb:
            import_module(f"{__name__}.{name}").arguments(below)
            below.epilog = epilog(name, below.epilog or (_OF_LISTS if name in _LISTS else EXIT_CODES))
            whole.set_defaults(below=below)
    return whole


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Import modules without looking for garbage: what they define stays, and to walk all of it several times takes as long again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _call(words: list[str]) -> int:
    if not words:  # a script that lost its verb has checked nothing
        parser().print_help(sys.stderr)
        return UNUSABLE
    if words[0] == "help":
        words = [*words[1:2], "--help"]
    if words[0].startswith("-") and words[0] not in _OWN_OPTIONS:
        raise UnusableInputError(
            f"{words[0]!r} is no option", remedy=suggest(words[0], _OWN_OPTIONS, otherwise=_SEE_HELP)
        )
    if not words[0].startswith("-") and words[0] not in VERBS:
        raise UnusableInputError(f"{words[0]!r} is no verb", remedy=suggest(words[0], VERBS, otherwise=_SEE_HELP))
    if words[0] in _OF_PYTEST and not {"-h", "--help"} & set(words):
        options = Namespace(verb=words[0], words=words[1:])
    else:
        with _nothing_collected():
            whole = parser(words[0])
        options, rest = whole.parse_known_args(words)
        if rest:
            options.below.error(unrecognized(rest, options.below._option_string_actions))  # noqa: SLF001 - argparse's table
        del options.below
    code: int = import_module(f"{__name__}.{options.verb}").main(options)
    return code
