"""Results laid before a person: HTML, figures, terminal."""
