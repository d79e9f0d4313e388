"""Points, pipes and what is doubtful about them."""
