"""The verbs of the `carrel` command, by what they are about: papers, marks, upkeep."""
