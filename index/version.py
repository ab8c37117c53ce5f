"""The version of Carrel."""

__version__ = "0.1.0"
