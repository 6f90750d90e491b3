"""Compiled loops on plain arrays; they never raise, log, or know the model."""
