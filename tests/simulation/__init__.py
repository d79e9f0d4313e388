"""Laptops and a server in one process: seeded histories, an independent model, and broken cures."""
