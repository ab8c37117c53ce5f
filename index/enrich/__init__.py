"""Completing papers from files and public services.

`matching` decides whether a record describes a paper, `filling` which of its values the paper
takes, `files` finds records in files, `services` asks for them on the network, and `service` runs
an enrichment.
"""
