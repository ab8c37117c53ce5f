"""Detection and merging of duplicate papers."""
