"""How postings lie on disk: writer and reader of the same bytes side by side."""
