"""Whether records describe the same paper.

`rules` compares two records, `choice` selects the paper that a record joins, and `titles`,
`families` and `abstracts` compare the parts of a record. All are pure functions of the records.
"""
