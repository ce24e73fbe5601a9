"""Our options, once: pytest takes them, `conformance run --help` and `conformance explain` show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Mapping

_SWITCH: Final = {"action": "store_true"}
_SEVERAL: Final = {"action": "append", "default": []}

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--target": {
        **_SEVERAL,
        "metavar": "PROVIDER/MODEL[@DIALECT]",
        "help": "target to test, e.g. groq/openai/gpt-oss-120b, or groq for its usual models"
        " (default: `targets` of [tool.conformance], else every target that has cassettes)",
    },
    "--live": {**_SWITCH, "help": "ask the provider instead of replaying cassettes"},
    "--record": {**_SWITCH, "help": "ask the provider and write cassettes"},
    "--emulated": {
        **_SWITCH,
        "help": "with --live or --record: ask the emulator of the provider's TOML, without a key; --base-url names another emulator",
    },
    "--evidence": {
        **_SEVERAL,
        "choices": ("recorded", "emulated", "imported", "live"),
        "help": "judge only answers of this kind of evidence",
    },
    "--clients": {
        **_SWITCH,
        "help": "also try the SDKs installed here, as clients of each target's emulated provider",
    },
    "--missing": {**_SWITCH, "help": "with --record: ask only probes without a good cassette"},
    "--stale": {**_SWITCH, "help": "with --record: ask only probes that changed since they were recorded"},
    "--latency": {
        **_SEVERAL,
        "metavar": "WORKLOAD",
        "help": "with --live: also take a run of this latency workload, e.g. short",
    },
    "--rerun-inconclusive": {**_SWITCH, "help": "ask only the cells that the last run left inconclusive"},
    "--max-requests": {"type": int, "metavar": "N", "help": "send at most N requests (default 300)"},
    "--max-seconds": {
        "type": float,
        "metavar": "SECONDS",
        "help": "ask for so long at most; what was answered until then is kept and judged (default: no limit)",
    },
    "--deadline": {
        "type": float,
        "metavar": "SECONDS",
        "help": "break an answer off that takes longer as a whole (default 80)",
    },
    "--probe": {
        **_SEVERAL,
        "metavar": "NAME",
        "help": "ask only this probe, e.g. plain; `conformance probes` lists them",
    },
    "--fail-on": {"choices": ("error", "warning"), "help": "lowest severity that fails a cell (default error)"},
    "--as-of": {
        "metavar": "DATE",
        "help": "day on which dates are judged, e.g. 2026-11-21 (default: `as_of` of [tool.conformance], else today)",
    },
    "--base-url": {"metavar": "URL", "help": "ask this address in place of the provider's, e.g. a gateway"},
    "--header": {**_SEVERAL, "metavar": "'NAME: VALUE'", "help": "also send this header, e.g. 'X-Team: search'"},
    "--proxy": {"metavar": "URL", "help": "ask through this proxy (default: HTTPS_PROXY and the like)"},
    "--ca": {"metavar": "FILE", "help": "also trust the certificates in this PEM file"},
    "--cassettes": {"metavar": "DIR", "help": "folder of cassettes (default cassettes)"},
    "--reports": {"metavar": "DIR", "help": "folder for results.json and index.html (default reports)"},
    "--emulated-in-allure": {**_SWITCH, "help": "with --alluredir: keep the cells that only an emulator supports, too"},
    "--transcripts": {**_SWITCH, "help": "with --alluredir: attach the transcript of cells that pass, too"},
    "--providers": {**_SEVERAL, "metavar": "DIR", "help": "folder of your own providers' TOML files"},
    "--probes": {**_SEVERAL, "metavar": "DIR", "help": "folder of your own probes' YAML files"},
    "--rules": {**_SEVERAL, "metavar": "MODULE", "help": "module that holds your own rules"},
}
#: How `audit` and `convert` take the columns of tables.
COLUMNS: Final[dict[str, Any]] = {
    "metavar": "request=NAME,response=NAME",
    "help": "columns of CSV and Parquet files; also status, provider, model, started, url and session",
}
#: What the suites take besides.
PYTEST: Final = "all other arguments are pytest's: -k tool_call, -m streaming, -n auto, -x, --alluredir DIR, -vv"
#: What a command needs to see the same again. Not --header: it may hold a secret, and a report repeats the command.
REPEATED: Final = (
    "--fail-on",
    "--as-of",
    "--evidence",
    "--emulated",
    "--base-url",
    "--cassettes",
    "--providers",
    "--probes",
    "--rules",
)


#: Under which heading an option stands in a verb's help; the others stand among the verb's own.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "what is asked and judged": ("--target", "--live", "--record", "--emulated", "--evidence", "--clients", "--missing", "--stale",
                                 "--latency", "--rerun-inconclusive", "--probe", "--fail-on", "--as-of"),
    "limits of asking": ("--max-requests", "--max-seconds", "--deadline"),
    "how the provider is reached": ("--base-url", "--header", "--proxy", "--ca"),
    "where things are (paths of [tool.conformance] hold where none is given)": (
        "--cassettes", "--reports", "--providers", "--probes", "--rules"),
    "Allure": ("--emulated-in-allure", "--transcripts"),
}  # fmt: skip


def add_options(parser: ArgumentParser, *flags: str) -> None:
    """Add those of our options to a verb, under the headings of `GROUPS`."""
    own = {group.title: group for group in parser._action_groups}  # noqa: SLF001 - argparse keeps no public list
    for flag in flags:
        title = next(title for title, members in GROUPS.items() if flag in members)
        if title not in own:
            own[title] = parser.add_argument_group(title)
        own[title].add_argument(flag, **OPTIONS[flag])


def repeated(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those of the values given, by option name, that a command needs to see the same again."""
    return tuple(_repeated(values))


def _repeated(values: Mapping[str, Any]) -> Iterable[str]:
    for flag in REPEATED:
        given = values.get(flag[2:].replace("-", "_")) or []
        for value in given if isinstance(given, list) else [given]:
            if value is True:
                yield flag
            elif flag != "--base-url" or "@" not in value:  # user:password@host
                yield from (flag, str(value))
