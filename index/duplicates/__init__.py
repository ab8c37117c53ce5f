"""Duplicates: papers that are likely one, found, merged or called different."""
