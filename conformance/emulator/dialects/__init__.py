"""How a dialect writes an answer: one folder a dialect, by the dialect's name."""
