"""Rooms of fees: the desk, who still owes, bills, receipts, cash, the books."""
