"""Documents in and out, one file per format: whatever somebody hands over becomes rows and problems, never an exception."""
