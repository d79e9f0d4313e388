"""What screens and files ask of the register."""
