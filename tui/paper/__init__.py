"""What leaves the app on paper or as a file: pages, pictures and texts to print or to send. Loads no Textual."""
