"""Shared parts of BibTeX and BibLaTeX: entries, names, dates, groups and links."""
