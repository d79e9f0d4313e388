"""How every screen looks: drawn from the demo, kept as text, compared cell by cell."""
