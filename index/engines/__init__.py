"""Search engines: each implements `base.Engine` and is listed in `registry`."""
