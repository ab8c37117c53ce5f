"""Controllers: each owns one part of the reader's state and its work in the background.

A controller depends on the library and, if it runs workers, on a host, the DOM node that they
belong to, but not on widgets. Work that others wait for is a coroutine that returns what it found;
changes are reported as messages to the host.
"""
