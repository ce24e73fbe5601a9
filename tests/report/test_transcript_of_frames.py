"""A binary stream is shown frame by frame, in words."""

from __future__ import annotations

import pytest

from conformance.report.transcript import transcript
from tests.native import CONVERSE_EVENTS, CONVERSE_REQUEST, CONVERSE_STREAM, case, framed

pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")


def test_each_frame_is_a_line_and_a_defect_is_said() -> None:
    shown = transcript(case(CONVERSE_STREAM, CONVERSE_REQUEST, framed(CONVERSE_EVENTS)[:-2]).exchange)
    assert 'event contentBlockDelta: {"contentBlockIndex": 1, "delta": {"text": " look."}}' in shown
    assert "! unfinished_event at byte" in shown
    assert shown.isprintable() or all(line.isprintable() for line in shown.split("\n"))
