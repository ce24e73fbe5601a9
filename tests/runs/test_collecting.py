"""An audit looks for cycles seldom, and leaves the process as it was."""

from __future__ import annotations

import gc

from conformance.runs.collecting import collected_seldom


def test_the_collector_is_as_it_was_behind_the_block() -> None:
    before = gc.get_threshold()
    with collected_seldom():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
