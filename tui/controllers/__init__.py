"""Controllers: each owns one part of the reader's state and reports changes as messages.

A controller depends on the library and on a host, the DOM node that runs its workers and receives
its messages, but not on widgets.
"""
