"""A user's and a compound's settings."""
