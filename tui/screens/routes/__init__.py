"""Routes and their order."""
