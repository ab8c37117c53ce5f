"""A check for phrases that have a plainer form: `python -m tests.check_english`.

It prints the file, the line and the phrase, and fails if it finds any. The patterns have no
legitimate use in Carrel's texts; see `PHRASES`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHECKED = ("index", "tui", "tests", "screenshots", "README.md", "CHANGELOG.md")
"""The files, and the folders with Python and Markdown files, that are checked."""

PHRASES = (
    r"where (it|there) is (not there|none)",
    r"a slip\b",
    r"a fault of",
    r"at fault\b",
    r"(?<!there )\bis no (tag|file|fault|error|word|number)\b",
    r"\bno \w+ is (found by|named|there for)\b",
    r"\bcame? to be\b",
    r"\bfor certain\b",
    r"\band the like\b",
    r"\bis to be\b",
    r"\bmakes? \w+ of it\b",
    r"\bas it was told\b",
    r"brings? papers in\b",
    r"\bsay --\w+",
    r"\btakes? it back\b",
    r"\bgoes? back\b.*· ",
    r"\btells? whether\b",
    r"\bwhat stands\b",
    r"\b(is|are|was|were|be|been) told\b",
    r"\btells? (what|which|how|of|the reader)\b",
    r"\b(catch(es)?|caught) up\b",
    r"\b(light|lit|lights|lighting) up\b",
    r"\bmend(s|ed|ing)\b",
    r"\b(to|and) mend\b",
    r"\bbegins? so\b",
    r"\bin silence\b",
    r"\ball the same\b",
    r"\banew\b",
    r"\bno fault\b",
    r"\bfaults? (is|are) (told|said)\b",
    r"\bstands? (beside|between|there|here|alone|about)\b",
    r"\b(comes?|came) in(?=[.,;:]|$)",
    r"\bthe reader's (own )?word\b",
    r"\bshort of (the|its) bar\b",
    r"\bonce (it|that) is kept\b",
    r"\bkept aside\b",
    r"\b(edits?|slips?) of a letter\b",
    r"\bbut those that\b",
    r"\bmade where\b",
    r"\bis saved as\b",
    r"\bwhat (came|became|comes|becomes) of\b",
    r"\bundone last\b",
    r"\bnow and then\b",
    r"\bin vain\b",
    r"\bgives? way to\b",
    r"\bgoes on being\b",
    r"\banother carrel\b",
    r"\bwhatever (it|that|they|these|there|is|their|his|its)\b",
    r"\bof any other,",
    r"\bin a (process|thread|home|terminal) of (its|their|his) own\b",
    r"\bis to show\b",
    r"\b(is|are|was|were) begun\b",
    r"\band no others\b",
    r"\bspeaks? (for|against) (and|a|it|one)\b",
    r"\btells? (\w+ ){0,4}apart\b",
    r"\bgiven? back\b|\bgives? (\w+ ){0,6}back\b",
    r"\bpapers of their own\b",
    r"\"{3}(What|Where|Whatever) ",
)
"""Regular expressions of phrases, matched without regard to case."""

NAME_PARTS = re.compile(
    r"_(told|tells|said|no_fault|a_fault|stands?|mends|lit|lights?_up|slips?|begun|begins?_so|meant)(_|$)"
    r"|^test_(it|such|what|whatever|where|the|an?)_"
)
"""Parts that the names of tests must not contain; they begin with the thing that is tested."""


def problems(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line number and the text of each phrase in a file."""
    phrases = [re.compile(phrase, re.IGNORECASE) for phrase in PHRASES]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield from ((number, found[0]) for phrase in phrases if (found := phrase.search(line)))
        name = re.match(r"\s*(?:async )?def (test_\w+)", line)
        if name and NAME_PARTS.search(name[1]):
            yield number, name[1]


def main() -> int:
    """Print every problem; return 1 if there is any, for the exit code."""
    files = [
        path
        for name in CHECKED
        for path in (ROOT / name, *sorted((ROOT / name).rglob("*")))
        if path.suffix in (".py", ".md") and path != Path(__file__)
    ]
    found = [(path, *problem) for path in files for problem in problems(path)]
    for path, number, text in found:
        print(f"{path.relative_to(ROOT)}:{number}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
