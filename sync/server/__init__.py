"""The central server: what laptops ask of it over HTTP, and what its operator asks of it."""
