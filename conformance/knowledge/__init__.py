"""What takes knowledge of its own: pure functions and data, without input, output or rules."""
