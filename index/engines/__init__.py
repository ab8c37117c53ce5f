"""Search engines: each implements `Engine` (see `base`) and is one line of `registry`."""
