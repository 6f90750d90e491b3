"""The city while it is under alert: one journal, one state that everyone sees; here all parts meet, and only here."""
