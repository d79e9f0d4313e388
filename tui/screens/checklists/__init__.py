"""The questions asked at each kind of point."""
