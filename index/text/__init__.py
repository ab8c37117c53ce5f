"""Text: cleaning, folding, encodings, LaTeX, words and stems, phrases, titles, stop words."""
