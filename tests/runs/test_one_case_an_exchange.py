"""One replay makes one case of each exchange and decodes it once, whatever is decided from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.report.timed_plots import stream_plots
from conformance.rules.table import RULES
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS

if TYPE_CHECKING:
    import pytest

    from conformance.wire.dialects import Dialect
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Exchange

ROOT = Path(__file__).parents[2]
TARGET = "llamacpp/smollm2-135m-instruct"


def test_a_replay_makes_one_case_and_one_decode_of_each_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    cases: Counter[str] = Counter()
    decodes: Counter[str] = Counter()
    made = Case.__init__

    def counted_init(self: Case, exchange: Exchange) -> None:
        cases[exchange.id] += 1
        made(self, exchange)

    def counting(dialect: Dialect) -> Dialect:
        def decode(exchange: Exchange) -> Reply:
            decodes[exchange.id] += 1
            return dialect.decode(exchange)

        return replace(dialect, decode=decode)

    monkeypatch.setattr(Case, "__init__", counted_init)
    for name, dialect in list(DIALECTS.items()):
        monkeypatch.setitem(DIALECTS, name, counting(dialect))
    run = Run(settings_from({"target": [TARGET], "as_of": "2026-11-21"}, Project.at(ROOT, ROOT)), say=lambda _: None)
    (target,) = run.settings.targets
    ledger = run.ledger([(target, rule) for rule in RULES.values() if rule.speaks(target.dialect)])
    ledger.as_json()
    stream_plots("", run.on_day(target).cases)
    exchanges = [case.exchange.id for case in run.on_day(target).cases]
    assert len(exchanges) > 200
    assert cases == Counter(exchanges), "a case is handed on, and never made anew"
    assert max(decodes.values()) == 1
    assert decodes.keys() <= set(exchanges)
