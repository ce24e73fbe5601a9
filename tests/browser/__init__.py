"""Pages in a real browser: `python -m tests.browser PAGE...`."""
