"""Who serves when: posts and shifts, a fair roster, check-in, hand-over, hours."""
