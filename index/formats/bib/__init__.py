"""What BibTeX and BibLaTeX share: entries, names, dates, groups and links, in and out."""
