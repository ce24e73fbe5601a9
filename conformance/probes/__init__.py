"""Everything that is asked: probes as YAML beside this file, and how each becomes a request."""

from conformance.probes.build import REASONING_TOKENS, build_request
from conformance.probes.loader import load_probes, probes_for
from conformance.probes.probe import Probe, Step

__all__ = ["REASONING_TOKENS", "Probe", "Step", "build_request", "load_probes", "probes_for"]
