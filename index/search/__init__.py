"""Search: evaluation, results, completion, spelling, saved searches, history, related papers."""
