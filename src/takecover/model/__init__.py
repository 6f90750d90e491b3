"""The nouns of a city and its plan: frozen dataclasses over read-only arrays; check.py is the only door."""
