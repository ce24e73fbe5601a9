"""JUnit XML of a run, for CI pages: a suite a target, a test case a cell (the dialect of pytest's own xunit2 files)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.redaction import redact_text
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Verdicts that no JUnit word fits but "skipped": nothing of them was judged, so that nothing of them passed.
_SKIPPED: Final = frozenset({Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.EMULATED, Verdict.NOT_APPLICABLE})
#: Characters that XML 1.0 cannot hold.
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(results: Mapping[str, Any]) -> str:
    """Return a run as JUnit XML.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    root = ET.Element("testsuites", name="conformance")
    for target in results["targets"]:
        cells = [cell for cell in results["cells"] if cell["target"] == target]
        failures = sum(cell["verdict"] == Verdict.FAIL for cell in cells)
        skipped = sum(cell["verdict"] in _SKIPPED for cell in cells)
        counts = {"tests": len(cells), "failures": failures, "errors": 0, "skipped": skipped}
        suite = ET.SubElement(
            root, "testsuite", {"name": _clean(target), **{name: str(count) for name, count in counts.items()}}
        )
        for cell in cells:
            _case(suite, cell)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, cell: Mapping[str, Any]) -> None:
    case = ET.SubElement(suite, "testcase", classname=_clean(cell["target"]), name=_clean(cell["rule"]), time="0")
    reason = _clean(f"{cell['verdict']}: {cell['reason']}")
    if cell["verdict"] == Verdict.FAIL:
        failure = ET.SubElement(case, "failure", message=reason)
        failure.text = _clean("\n".join(f"{finding['probe']}: {finding['message']}" for finding in cell["findings"]))
    elif cell["verdict"] in _SKIPPED:
        ET.SubElement(case, "skipped", message=reason)
    elif cell["verdict"] == Verdict.KNOWN:
        ET.SubElement(case, "system-out").text = reason


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", redact_text(text))
