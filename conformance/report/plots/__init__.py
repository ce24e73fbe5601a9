"""Plots as SVG that stand by themselves: no script, no font to load, light and dark by the reader's choice."""
