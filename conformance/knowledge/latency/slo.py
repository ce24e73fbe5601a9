"""`[tool.conformance.slo]`: the latency objectives of a target.

[tool.conformance.slo."groq/openai/gpt-oss-20b"]
ttft = 0.4                          # each request: 0.4 s to its first token
e2e = { mean = 0.198, each = 1.0 }  # 0.198 s on average, each below a second
tps = { mean = 276, p95 = 200 }     # 276 tokens/s on average, 95 of 100 requests at least 200
goodput = 0.99                      # the share of requests that is to meet every limit of `each`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.knowledge.latency.figures import Unit, shown
from conformance.knowledge.latency.workloads import DEFAULT
from conformance.providers.toml_lines import as_json, dotted, locate
from conformance.schemas.validators import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.knowledge.latency.rows import Sample

TABLE: Final = ("tool", "conformance", "slo")
_GOODPUT: Final = 0.95  # judgement: what most service levels ask for
_UNITS: Final[dict[str, Unit]] = {"ttft": "s", "e2e": "s", "tps": "tokens/s"}


@dataclass(frozen=True)
class Objective:
    """One limit of one figure. `of` is `each`, `mean`, or a percentile: `p95`."""

    figure: str
    of: str
    limit: float

    @property
    def unit(self) -> Unit:
        """Seconds, or tokens per second, where more is better."""
        return _UNITS[self.figure]

    @property
    def words(self) -> str:
        """The objective as people say it: `ttft p95 at most 400 ms`."""
        return f"{self.figure} {self.of} at {'least' if self.unit == 'tokens/s' else 'most'} {shown(self.limit, self.unit)}"

    def met_by(self, sample: Sample) -> bool | None:
        """Return True if a request meets it: a failed one never does. None where its figure was not measured."""
        if sample.failed:
            return False
        value = sample.figure(self.figure)
        if value is None:
            return None
        return value >= self.limit if self.unit == "tokens/s" else value <= self.limit


@dataclass(frozen=True)
class Slo:
    """A target's objectives; `goodput` is the share of requests that is to meet every one of `each`."""

    objectives: tuple[Objective, ...]
    goodput: float = _GOODPUT
    workload: str = DEFAULT


def read_slos(table: object, path: Path) -> dict[str, Slo]:
    """Return the objectives by target id.

    Args:
        table: `[tool.conformance.slo]`.
        path: the file that it stands in, for the message.

    Raises:
        UnusableInputError: it does not have the form of schemas/slo.json: with the line and the key.
    """
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - most commands read no table of bounds

    error = best_match(exact("slo").iter_errors(as_json(table)))
    if error is not None:
        key = (*TABLE, *error.absolute_path)
        what = f"{dotted(key)}: {error.message[:120]}"
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            unknown = next(key for key in error.instance if f"'{key}'" in error.message)
            key = (*key, unknown)
            what = f"{dotted(key)} is unknown"
        remedy = "write ttft, e2e (seconds) or tps (tokens a second) = 0.4 or { mean = 0.2, p95 = 0.4 }; see schemas/slo.json"
        raise UnusableInputError(what, where=locate(path, key), remedy=remedy)
    assert isinstance(table, dict)  # noqa: S101 - of the schema
    return {target: _slo(given) for target, given in table.items()}


def _slo(given: Mapping[str, Any]) -> Slo:
    limits = {
        name: value if isinstance(value, dict) else {"each": value} for name, value in given.items() if name in _UNITS
    }
    objectives = (Objective(name, of, limit) for name, table in limits.items() for of, limit in table.items())
    return Slo(tuple(objectives), given.get("goodput", _GOODPUT), given.get("workload", DEFAULT))
