"""Times Takecover beside its peers; see README.md."""
