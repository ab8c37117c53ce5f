"""`make bench-faults`: kills Carrel hundreds of times and checks the library afterwards."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.killing import Tally, bench
from tests.faults.rounds import groups

MAX_SHOWN_ERRORS = 10


def main() -> int:
    """Run all groups of rounds; return 1 if a mark was lost or another check failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=720, help="rounds of all groups together")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all chance")
    parser.add_argument("--only", default="", help="groups whose name has this in it")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    every = Tally()
    for name, group, share in groups():
        if given.only not in name:
            continue
        started = time.perf_counter()
        with (
            tempfile.TemporaryDirectory(prefix="carrel-faults-") as place,
            bench(Path(place), given.seed) as each,
        ):
            group(each, max(2, round(given.rounds * share)))
        tally = each.tally
        totals = (
            f"{tally.rounds:4} rounds, {tally.faults:4} killed, {tally.checked:9,} marks checked"
        )
        seconds = time.perf_counter() - started
        print(f"{name:20} {totals}, {tally.lost} lost, {len(tally.wrong)} wrong, {seconds:4.0f} s")
        for error in tally.wrong[:MAX_SHOWN_ERRORS]:
            print(f"    {error}")
        sys.stdout.flush()
        every += tally
    print(
        f"{every.rounds:,} rounds, {every.faults:,} faults caused, {every.checked:,} marks "
        f"checked, {every.lost} marks lost, {len(every.wrong)} checks failed"
    )
    return 1 if every.lost or every.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
