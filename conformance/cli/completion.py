"""`conformance completion SHELL`: a script that completes verbs and options, made from the parsers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.cli import VERBS, parser
from conformance.errors import CONFORMS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_SHELLS: Final = ("bash", "zsh", "fish")


def arguments(parser: ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", choices=_SHELLS, metavar="SHELL", help="bash, zsh or fish")


def main(options: Namespace) -> int:
    """Print the script."""
    print("\n".join(_fish() if options.shell == "fish" else _bash(zsh=options.shell == "zsh")))
    return CONFORMS


def _words(verb: str) -> list[str]:
    """Return the options of a verb, each with the choices of its value behind it."""
    below = parser(verb).get_default("below")
    return sorted(word for word in below._option_string_actions if word.startswith("--"))  # noqa: SLF001 - argparse's table


def _bash(*, zsh: bool) -> Iterator[str]:
    if zsh:
        yield "autoload -Uz bashcompinit && bashcompinit"
    yield "_conformance() {"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" words'
    yield '  case "${COMP_WORDS[1]}" in'
    for verb in VERBS:
        yield f'    {verb}) words="{" ".join(_words(verb))}" ;;'
    yield "  esac"
    yield f'  [ "$COMP_CWORD" -gt 1 ] || words="{" ".join(VERBS)} --help --version"'
    yield '  COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o default -F _conformance conformance"


def _fish() -> Iterator[str]:
    for verb, sentence in VERBS.items():
        yield f"complete -c conformance -n __fish_use_subcommand -a {verb} -d {_quoted(sentence)}"
        for word in _words(verb):
            yield f"complete -c conformance -n '__fish_seen_subcommand_from {verb}' -l {word[2:]}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
