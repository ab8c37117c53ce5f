"""A check for phrases that have a plainer form: `python -m tests.check_english`.

It prints the file, the line and the phrase, and fails if it finds any. The patterns have no
legitimate use in Carrel's texts; see `PHRASES`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHECKED = ("tui", "tests/tui")
"""The folders that are checked, with their Python and Markdown files."""

PHRASES = (
    r"where (it|there) is (not there|none)",
    r"\bmends?\b what",
    r"how to mend",
    r"a slip\b",
    r"a fault of",
    r"at fault\b",
    r"\b(it|that|this|they) (is|are) told\b",
    r"\bto be told\b",
    r"(?<!there )\bis no (tag|file|fault|error|word|number)\b",
    r"\bno \w+ is (found by|named|there for)\b",
    r"\bcame? to be\b",
    r"\bfor certain\b",
    r"\band the like\b",
    r"\bis to be\b",
    r"\bmakes? \w+ of it\b",
    r"\bas it was told\b",
    r"words? that begins? so",
    r"brings? (papers )?in\b",
    r"\bsay --\w+",
    r"\btakes? it back\b",
    r"\bgoes? back\b.*· ",
    r"\btells? whether\b",
    r"\bwhat stands\b",
)
"""Regular expressions of phrases, matched without regard to case."""

NAME_PARTS = ("_is_told", "_are_told", "_is_said", "_no_fault", "_stands", "_mends", "_is_lit_")
"""Parts that the names of tests must not contain."""


def problems(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line number and the text of each phrase in a file."""
    phrases = [re.compile(phrase, re.IGNORECASE) for phrase in PHRASES]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield from ((number, found[0]) for phrase in phrases if (found := phrase.search(line)))
        name = re.match(r"\s*(?:async )?def (test_\w+)", line)
        if name and any(part in name[1] for part in NAME_PARTS):
            yield number, name[1]


def main() -> int:
    """Print every problem; return 1 if there is any, for the exit code."""
    files = [
        path
        for folder in CHECKED
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".md")
    ]
    found = [(path, *problem) for path in files for problem in problems(path)]
    for path, number, text in found:
        print(f"{path.relative_to(ROOT)}:{number}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
