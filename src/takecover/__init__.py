"""Takecover gets a city's people under cover in an air raid.

Importing this package runs nothing and reads nothing; import the parts where they are used.
"""

__version__ = "0.1.0"
