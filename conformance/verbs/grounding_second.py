"""`conformance grounding --judge TARGET`: the rows of which the offline judge is unsure, asked of another target."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from conformance.grounding_judge import check, opinions, settled
from conformance.project import Project
from conformance.settings import settings_from
from conformance.verbs.grounding import OFFLINE

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from conformance.verbs.grounding import Row


def rows(options: Namespace, judged: Iterable[Row]) -> Iterator[Row]:
    """Return every row in order, after the target was asked about those that are unsure. What is said meanwhile is on stderr.

    Raises:
        UnusableInputError: the target cannot be asked; nothing is read then.
    """
    project = Project.here()
    project.load_rules([])  # the project's probes may name them
    settings = settings_from({**vars(options), "live": True, "target": [options.judge]}, project)
    target = check(settings.targets)
    known = list(judged)
    unsure = [(row.question, row.answer) for row in known if row.judged.unsure]
    say = partial(print, file=sys.stderr, flush=True)
    brought = iter(opinions(target, unsure, settings=settings, say=say))
    for row in known:
        after = settled(row.judged, next(brought), target.id) if row.judged.unsure else row.judged
        decided = row.judged.unsure and not after.unsure
        yield row._replace(judged=after, by=target.id if decided else OFFLINE, offline=row.judged.label)
