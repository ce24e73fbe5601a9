"""`conformance latency TARGET... --claims`: recorded runs against the advertised speed and the user's service levels."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from conformance.cli.latency.compare import folders
from conformance.cli.latency.load import claim_lines, claims_code
from conformance.errors import UnusableInputError, command
from conformance.knowledge.latency.claims_of_runs import advertised_claim, slo_claims
from conformance.knowledge.latency.runs import by_cell, read_runs
from conformance.knowledge.latency.workloads import DEFAULT
from conformance.providers import load_providers, parse_target
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import Namespace

    from conformance.knowledge.latency.claims import Claim


def main(options: Namespace) -> int:
    """Print one line for each claim and return the exit code: 1 one does not hold, 2 one is inconclusive, 0 all hold.

    Raises:
        UnusableInputError: a target is unknown or has no recorded runs, or nothing is stated of it.
    """
    project = Project.here()
    providers, slos = load_providers(*project.paths("providers", options.providers)), project.slos
    places = folders(options)
    cells = by_cell(read_runs(*places))
    claims: list[tuple[str, Claim]] = []
    for target in [parse_target(side, providers) for side in options.sides]:
        mine = {cell: runs for cell, runs in cells.items() if cell.target == target.id}
        speed, slo = target.known.speed if target.known else None, slos.get(target.id)
        if speed is None and slo is None:
            remedy = f'write [tool.conformance.slo."{target}"], or models."{target.model}".speed in its TOML'
            raise UnusableInputError(f"no speed and no service level is stated for {target}", remedy=remedy)
        wanted = slo.workload if slo is not None else DEFAULT
        if not mine or (slo is not None and all(cell.workload != wanted for cell in mine)):
            remedy = command("latency", target.id, "--record", "--workload", wanted)
            raise UnusableInputError(f"{target} has no recorded runs of {wanted}", where=places[-1], remedy=remedy)
        for cell, runs in mine.items():
            if speed is not None:
                claims.append((str(cell), advertised_claim(runs, speed.advertised_tps)))
            claims += [(str(cell), claim) for claim in (slo_claims(runs, slo) if slo else ())]
    if options.format == "json":
        print(json.dumps({"claims": [{"cell": place, **asdict(claim)} for place, claim in claims]}, indent=1))
    else:
        for place in dict.fromkeys(place for place, _ in claims):
            print(place)
            print("\n".join(f"  {line}" for line in claim_lines([claim for other, claim in claims if other == place])))
    return claims_code([claim for _, claim in claims])
