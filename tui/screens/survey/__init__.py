"""The survey map, and two walks side by side."""
