"""Tests of a team's corpus on a real cluster: `make test-team`, with Java 17 and Maven."""
