"""When routes are due, and days of rain."""
