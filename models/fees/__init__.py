"""Fees: what is owed and why, what was paid, receipts, arrears, accounts that anybody can check."""
