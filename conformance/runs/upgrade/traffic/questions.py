"""The questions in recorded traffic: translated, folded where they are the same, and a sample that keeps the rare shapes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final

from conformance.asking.requests import Wanted, hash_of
from conformance.errors import UnusableInputError
from conformance.knowledge.usability import Expected, Rank, usability
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.runs.whose import provider_of, why_skipped
from conformance.wire.case import Case
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.dialects.translation import translated
from conformance.wire.features import features

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.providers import Provider, Target
    from conformance.wire.exchange import Exchange

_COMPLETION: Final = Expected("completion")
_NAME: Final = 16  # hex digits of a hash


@dataclass
class Question:
    """One request of the traffic: as A answered it, and as B is asked it.

    Attributes:
        place: file and number of the first exchange that asks it.
        case: A's answer.
        wanted: the request for B.
        lost: what of the request B's protocol has no word for.
        times: how many exchanges ask the same.
        category: `meta.category` of the exchange; empty where it has none.
    """

    place: str
    case: Case
    wanted: Wanted
    lost: tuple[str, ...]
    category: str
    times: int = 1

    @property
    def shape(self) -> tuple[str, ...]:
        """What kind of request it is, by the names of its features, and how A ended its answer."""
        kinds = sorted(name.partition(":")[0] for name in features(self.case.exchange.request))
        ends = [str(choice.finish_reason) for choice in self.case.reply.choices[:1]]
        return (self.category, *kinds, *ends)


@dataclass
class Traffic:
    """The questions of a recording, and the rest of it.

    Attributes:
        questions: each once, in the order of the recording.
        exchanges: how many exchanges were read.
        skipped: those that no question is made of, by reason.
        unsayable: those that B's protocol cannot say: the reason, and the places.
        unreadable: entries that could not be read, in words.
    """

    questions: list[Question] = field(default_factory=list)
    exchanges: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unsayable: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[str] = field(default_factory=list)


def read_traffic(path: Path, target: Target, providers: Mapping[str, Provider]) -> Traffic:
    """Read recorded traffic as questions for a target.

    Args:
        path: a file or folder that `conformance audit` reads.
        target: whom they are asked of.
        providers: all that are known, by name.

    Raises:
        UnusableInputError: it holds no exchange at all.
    """
    traffic = Traffic()
    by_name: dict[str, Question] = {}
    dialect = dialect_named(target.dialect)
    for case in _cases(path, providers, traffic):
        why = _why_not(case)
        if why is not None:
            traffic.skipped[why] += 1
            continue
        place = f"{_short(case.exchange.source, path)}#{case.exchange.interaction}"
        request, lost = translated(case, dialect, target.model, target.unsupported_params)
        if isinstance(request, NotSayable):
            traffic.unsayable[request.reason].append(place)
            continue
        wanted = Wanted(f"traffic-{hash_of(request)[:_NAME]}", request)
        if wanted.name in by_name:
            by_name[wanted.name].times += 1
            continue
        category = case.exchange.meta.get("category")
        by_name[wanted.name] = Question(place, case, wanted, lost, category if isinstance(category, str) else "")
    if not traffic.exchanges:
        remedy = traffic.unreadable[0] if traffic.unreadable else "name recordings that `conformance audit` reads"
        raise UnusableInputError("it holds no recorded exchange", where=path, remedy=remedy)
    traffic.questions = list(by_name.values())
    return traffic


def sample(questions: Sequence[Question], size: int, seed: int) -> list[Question]:
    """Return so many questions, always the same for a seed: one of every shape first, the rarest before, then at random.

    Args:
        questions: all.
        size: how many are wanted.
        seed: of the choice.
    """
    rng = Random(seed)  # noqa: S311 - a sample, the same every time
    shapes: dict[tuple[str, ...], list[Question]] = defaultdict(list)
    for question in questions:
        shapes[question.shape].append(question)
    groups = sorted(shapes.values(), key=len)
    chosen = {rng.choice(group).wanted.name for group in groups[:size]}
    rest = [question.wanted.name for question in questions if question.wanted.name not in chosen]
    chosen.update(rng.sample(rest, min(len(rest), max(0, size - len(chosen)))))
    return [question for question in questions if question.wanted.name in chosen]


def _cases(path: Path, providers: Mapping[str, Provider], traffic: Traffic) -> Iterator[Case]:
    for item in _items(path):
        if isinstance(item, Unreadable):
            if not item.passed_over:
                traffic.unreadable.append(item.error)
            continue
        traffic.exchanges += 1
        named = item.provider or provider_of(item.request, providers.values())
        yield Case(replace(item, provider=named, session=None))  # a session is asked step by step, with A's history


def _short(source: str, path: Path) -> str:
    """Return a recording's name as the user finds it in the path that was given."""
    file = path.__class__(source)
    return file.relative_to(path).as_posix() if path.is_dir() and file.is_relative_to(path) else file.name


def _items(path: Path) -> Iterable[Exchange | Unreadable]:
    for file in find_files([path]):
        yield from read_exchanges(file, named=file == path)


def _why_not(case: Case) -> str | None:
    """Say why an exchange is no question: it asks for no completion, or A has not answered with one."""
    why = why_skipped(case)
    if why is not None:
        return why
    if case.asked.operation != "chat":
        return f"asks for no completion ({case.asked.operation})"
    if not case.exchange.request.body:
        return "the request's body was not recorded"
    if not case.asked.turns:
        return "the recording holds no conversation"
    worth = usability(case, _COMPLETION)
    if worth.rank is Rank.GOOD:
        return None
    return "A refused it" if worth.rank is Rank.REQUEST_REFUSED else "A's answer is not usable"
