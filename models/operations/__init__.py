"""The one write path: every synced change is an operation, applied by one function."""
