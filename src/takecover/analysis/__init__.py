"""Pure functions from model to model; no file, clock, network or random source of their own."""
