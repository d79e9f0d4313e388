"""Taking questions in, the claim board, a ticket's page, incidents, repeats, figures."""
