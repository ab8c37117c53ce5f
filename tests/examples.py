"""How many examples property tests draw, and whether the same ones every time.

`make test` draws the same examples each time; `make fuzz` draws many more, at random.
"""

import os

from hypothesis import HealthCheck, settings

FUZZ_FACTOR = 25
"""How many times as many examples `make fuzz` draws."""

DEFAULT_EXAMPLES = 30

# Fixtures of a function are only paths and copies of libraries here: sharing one is fine.
SUPPRESSED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

FUZZING = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"


def examples(count: int) -> settings:
    """Return the settings of a test that draws another number of examples than most."""
    return settings(max_examples=count * (FUZZ_FACTOR if FUZZING else 1))


def load_profile() -> None:
    """Load the profile that `HYPOTHESIS_PROFILE` names: `test` by default, or `fuzz`."""
    settings.register_profile(
        "test", derandomize=True, deadline=None, max_examples=DEFAULT_EXAMPLES,
        suppress_health_check=SUPPRESSED,
    )  # fmt: skip
    settings.register_profile(
        "fuzz", deadline=None, max_examples=DEFAULT_EXAMPLES * FUZZ_FACTOR, print_blob=True,
        suppress_health_check=SUPPRESSED,
    )  # fmt: skip
    settings.load_profile("fuzz" if FUZZING else "test")
