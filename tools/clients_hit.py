"""Draws conformance/runs/upgrade/clients_hit.json from docs/clients.md: what each client makes of a break of each rule.

    python -m tools.clients_hit

A fault names the rule that it breaks. A client is as badly hit by a rule as by the worst of its faults.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Final

from conformance.emulator.faults.table import FAULTS

_PAGE: Final = Path("docs/clients.md")
_FILE: Final = Path("conformance/runs/upgrade/clients_hit.json")
#: What a cell of the page means, the worst first. `ok` and `-` hit nobody.
_HITS: Final = {"**hangs**": "hangs", "**silent**": "silent", "raises": "raises"}
_RANK: Final = list(_HITS.values())


def drawn(page: str) -> dict[str, object]:
    """Return the data that a page of the client matrix holds."""
    made = re.search(r"`make clients` on (\d{4}-\d\d-\d\d)", page)
    section = page.partition("## Which client survives which fault")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("|")]
    clients = rows[0][2:]
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    for name, _, *cells in rows[2:]:
        fault = FAULTS.get(name.strip("`"))
        if fault is None or not fault.rule:
            continue
        for client, cell in zip(clients, cells, strict=False):
            word, before = _HITS.get(cell), rules[fault.rule].get(client)
            if word is not None and (before is None or _RANK.index(word) < _RANK.index(before)):
                rules[fault.rule][client] = word
    kept = {rule: dict(sorted(hit.items())) for rule, hit in sorted(rules.items()) if hit}
    return {"made": made[1] if made else "", "rules": kept}


if __name__ == "__main__":
    _FILE.write_text(json.dumps(drawn(_PAGE.read_text("utf-8")), indent=1) + "\n", "utf-8")
