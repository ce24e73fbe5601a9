"""Commands for who works on this project: none of them is in the wheel."""
