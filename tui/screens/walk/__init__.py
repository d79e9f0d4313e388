"""Choosing a walk, walking it card by card, and its summary."""
