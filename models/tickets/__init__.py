"""Tickets: residents order, the station takes, volunteers do, residents rate (docs/tickets.md)."""
