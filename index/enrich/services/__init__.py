"""The services that know papers: `base` is their protocol, `registry` lists them in order."""
