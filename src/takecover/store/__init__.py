"""The journal kept: one protocol, over SQLite in one file or PostgreSQL for several processes."""
