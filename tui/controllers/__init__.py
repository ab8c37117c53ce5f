"""Controllers: each owns one piece of the reader's state, and tells of changes by messages.

A controller knows the library and a host, the node that its work and its messages belong to; it
knows no widget.
"""
