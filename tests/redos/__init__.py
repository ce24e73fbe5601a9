"""Every regular expression of the product, and how the work of each grows: `python -m tests.redos`."""
