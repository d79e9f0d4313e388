"""Rooms of duty: the roster, the post, who can when."""
