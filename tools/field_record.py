"""Write the field record that is shipped: `python -m tools.field_record ../shared/traffic`.

The figures are counts of findings in public recordings of real traffic; no body, prompt or id is kept. Bodies that look hand-made
(`suspect_synthetic`) and objects that an SDK dumped (`sdk-level`) are left out: they are no evidence of a provider's wire.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.providers import load_providers
from conformance.runs.field import Tally, tally_files, write_record

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

DATA = Path(__file__).parent.parent / "conformance" / "knowledge" / "field" / "data"


def is_evidence(exchange: Exchange) -> bool:
    """Whether an exchange shows what a provider sent."""
    return not exchange.meta.get("suspect_synthetic") and exchange.fidelity != "sdk-level"


def repository(exchange: Exchange) -> str:
    """Return the repository that published an exchange."""
    return str(exchange.meta.get("repo") or exchange.source)


def main(traffic: Path, folder: Path = DATA) -> None:
    """Judge the recordings below `traffic`, write one CSV file a provider into `folder`, and print how much was counted."""
    tally = Tally(load_providers(), repository)
    unreadable = tally_files(tally, [traffic / "exchanges"], keep=is_evidence)
    shutil.rmtree(folder, ignore_errors=True)
    entries = list(tally.entries())
    files = write_record(entries, folder)
    models = {(entry.provider, entry.model) for entry in entries}
    print(
        f"{tally.exchanges} exchanges judged, {tally.skipped} without a dialect or an answer, {len(unreadable)} unreadable:"
        f" {len(files)} providers, {len(models) - len(files)} models, {len(entries)} lines"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
