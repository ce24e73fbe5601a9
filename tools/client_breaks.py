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
    """Return the breaks under faults, sorted. Answers of providers are left out: there nobody knows which rule did it.

    What an earlier run saw stays where this one did not compare: a client that was not asked, or that the faulty provider refuses as it is.
    """
    rules = {fault.name: fault.rule for fault in load_faults().values()}
    cells = json.loads(matrix.read_text("utf-8"))["cells"]
    compared = {
        (cell["client"], cell["subject"]) for cell in cells if cell["table"] == "fault" and cell["word"] != "n/a"
    }
    earlier = (
        seen
        for seen in data.breaks()
        if (seen.client, seen.fault) not in compared and rules.get(seen.fault) == seen.rule
    )
    seen_now = (
        data.Break(cell["client"], rules[cell["subject"]], cell["subject"], cell["word"])
        for cell in cells
        if cell["table"] == "fault" and cell["word"] in data.WORDS and rules.get(cell["subject"])
    )
    return sorted({*earlier, *seen_now})


if __name__ == "__main__":
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(data.Break._fields)
    writer.writerows(lines(Path(sys.argv[1])))
    PATH.write_text(text.getvalue(), "utf-8")
