"""What is true, and who may change it. Knows no screen and no network."""
