"""Search engines: one module each, all of them an `Engine` (see `base`)."""
