"""The two ways to use the suite as a library: a run over targets, and an audit of recorded traffic."""
