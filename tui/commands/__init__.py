"""The headless commands, one file per concern. None of them loads Textual; `app.py` alone opens it."""
