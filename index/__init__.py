"""Articles, the archive that keeps them, and the index that is made from it."""
