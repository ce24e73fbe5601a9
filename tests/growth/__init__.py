"""How the work of what reads texts of others grows: `python -m tests.growth`."""
