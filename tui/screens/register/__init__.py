"""Households, people, what ties them, and lists read in from spreadsheets."""
