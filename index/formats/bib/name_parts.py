"""One name of BibTeX or BibLaTeX in its parts.

The forms are "First von Last", "von Last, First" and "von Last, Jr, First" (https://ctan.org/pkg/ttb-en,
section 5), and "family=…, given=…" (https://ctan.org/pkg/biblatex, section 3.4).
"""

import re
from collections.abc import Sequence

from index.papers.names import Name, build_name, guess_name, is_suffix
from index.text.cleaning import clean
from index.text.latex.decoding import plain
from index.text.latex.reading import readable

_PLAIN = re.compile(r"[A-Za-z.]+(?: [A-Za-z.]+)*")
"""Text that needs neither decoding nor cleaning."""

_WORD_ENDS = re.compile(r"[ ~\t\n]+")
EXTENDED = re.compile(
    r"(?<![a-z-])(family|given|prefix|suffix)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\"([^\"]*)\"|([^,]*))"
)
"""A part of a name in BibLaTeX's form."""

TOKEN = re.compile(r"\\.|[{},;&~\s]", re.DOTALL)
"""A sign that may separate names or parts of them, or an escaped one."""

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def parse_name(written: str) -> Name:
    """Return the parts of one name, which may contain LaTeX."""
    written = written.strip()
    if is_in_braces(written):
        return Name(literal=clean(plain(written[1:-1])))
    if "=" in written and (extended := _extended(written)):
        return extended
    parts = [part.strip() for part in split_outside(written, ",")]
    if len(parts) == 1:
        return _first_von_last(written)
    return _von_last_first(parts)


def _extended(written: str) -> Name | None:
    """Return the parts of a name in BibLaTeX's form; None if it has no family name."""
    parts = {match[1]: _shown(next(filter(None, match.groups()[1:]), ""))
             for match in EXTENDED.finditer(written)}  # fmt: skip
    if "family" not in parts:
        return None
    suffix = parts.get("suffix", "")
    return Name(parts["family"], parts.get("given", ""), parts.get("prefix", ""), "", suffix,
                comma_suffix=bool(suffix))  # fmt: skip


def _von_last_first(parts: list[str]) -> Name:
    last, given = parts[0], parts[-1]
    middle = [_shown(part) for part in parts[1:-1]]
    if len(parts) == 3 and is_suffix(_shown(given)) and not is_suffix(middle[0]):
        middle, given = [_shown(given)], parts[1]  # King, Martin, Jr., the order of RIS
    suffix = middle[0] if middle and is_suffix(middle[0]) else ""
    if suffix:
        middle = middle[1:]
    first = " ".join(filter(None, (*middle, _shown(given))))
    if not suffix and is_suffix(first):
        # Hyman, Jr and Ada Lovelace, Jr.
        base = _first_von_last(last)
        return Name(base.family or base.literal, base.given, base.non_dropping_particle, "", first,
                    comma_suffix=True)  # fmt: skip
    words = _words(last)
    start = 0
    while start < len(words) - 1 and _is_lower(words[start]):
        start += 1
    end_particles = build_name("", first)
    return Name(
        _shown(" ".join(words[start:])),
        end_particles.given,
        _shown(" ".join(words[:start])),
        end_particles.dropping_particle,
        suffix,
        comma_suffix=bool(suffix),
    )


def _first_von_last(written: str) -> Name:
    words = _words(written)
    if is_family_first(words):
        return Name(_shown(words[0]), _shown(words[1]))
    if len(words) > 1 and "{" not in written:
        guess = guess_name(_shown(written))
        if guess.literal:
            return guess
    suffix = _shown(words.pop()) if len(words) > 2 and is_suffix(_shown(words[-1])) else ""
    lower = [place for place, word in enumerate(words[:-1]) if _is_lower(word)]
    start = lower[0] if lower else len(words) - 1
    end = lower[-1] + 1 if lower else start
    return Name(
        _shown(" ".join(words[end:])),
        _shown(" ".join(words[:start])),
        _shown(" ".join(words[start:end])),
        "",
        suffix,
    )


def is_family_first(words: Sequence[str]) -> bool:
    """Return whether the words of a name are Chinese, Japanese or Korean, as in 山田 太郎."""
    return len(words) == 2 and all(map(_HAN.fullmatch, words))


def _words(written: str) -> list[str]:
    if "{" not in written and "\\" not in written:
        return [word for word in _WORD_ENDS.split(written) if word]
    return [word for word in split_outside(written, " ~\t\n") if word]


def _is_lower(word: str) -> bool:
    """Return whether a word is a particle: it begins with a letter in lower case, unbraced.

    A special character (`{\\'e}`) counts as its letter; other words in braces have no case.
    """
    if word[0].isupper() or (word.startswith("{") and not word.startswith("{\\")):
        return False
    shown = _shown(word)
    letter = next((sign for sign in shown if sign.isalpha()), "")
    return letter.islower()


def _shown(written: str) -> str:
    return written if _PLAIN.fullmatch(written) else clean(readable(plain(written)))


def is_in_braces(written: str) -> bool:
    """Return whether one pair of braces encloses a whole name, as for an organization."""
    if not (written.startswith("{") and written.endswith("}")):
        return False
    depth = 0
    for place, sign in enumerate(written):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return place == len(written) - 1 and not written.startswith("{\\")
    return False


def split_outside(source: str, separator: str) -> list[str]:
    """Return the parts of a text between separators that are not in braces or escaped."""
    if "{" not in source and "\\" not in source and len(separator) == 1:
        return source.split(separator)
    parts, depth, start = [], 0, 0
    for match in TOKEN.finditer(source):
        sign = match[0]
        depth = max(0, depth + {"{": 1, "}": -1}.get(sign, 0))
        if sign in separator and depth == 0:
            parts.append(source[start : match.start()])
            start = match.end()
    return [*parts, source[start:]]
