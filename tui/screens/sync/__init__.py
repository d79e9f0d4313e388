"""How this laptop stands with its server: what waits, what was refused, what conflicts."""
