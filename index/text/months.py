"""Names of the months, for every format."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""English abbreviations in lower case, January first; locale-independent, unlike `calendar`."""
