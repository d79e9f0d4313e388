"""The first steps on a new laptop."""
