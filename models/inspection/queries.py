"""What screens and files ask of inspection."""
