"""Write the breaks of the client matrix as data: `python -m tools.client_breaks reports/clients.json`, after `make clients`."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import conformance.knowledge.clients as data
from conformance.emulator.faults.table import load_faults

PATH = Path(data.__file__).parent / "breaks.csv"


def lines(matrix: Path) -> list[data.Break]:
    """Return the breaks under faults, sorted. Answers of providers are left out: there nobody knows which rule did it."""
    rules = {fault.name: fault.rule for fault in load_faults().values()}
    cells = json.loads(matrix.read_text("utf-8"))["cells"]
    return sorted(
        data.Break(cell["client"], rules[cell["subject"]], cell["subject"], cell["word"])
        for cell in cells
        if cell["table"] == "fault" and cell["word"] in data.WORDS and rules.get(cell["subject"])
    )


if __name__ == "__main__":
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(data.Break._fields)
    writer.writerows(lines(Path(sys.argv[1])))
    PATH.write_text(text.getvalue(), "utf-8")
