"""The survey map as values: where each well is drawn, what the walk saw there, which pipe is blocked."""
