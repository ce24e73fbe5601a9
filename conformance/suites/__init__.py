"""The parametrized suites: each file holds the cells of some subjects, one test for each target and rule."""

#: The pytest mark of each suite, for `-m streaming`.
MARKS = (
    "streaming", "tools", "envelope", "content", "parameters", "usage", "errors", "models",
    "model_lifecycle", "timing", "latency", "native", "dialects", "url_grounding", "clients",
)  # fmt: skip
