"""`conformance upgrade A B --traffic PATH`: the user's own recorded requests, asked of B and compared with what A had answered."""
