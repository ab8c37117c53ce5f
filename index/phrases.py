"""Phrases: what titles and abstracts speak of, in two words and more.

A run is what stands between marks and words that carry no subject: "large language models". Its
ends of two words and more are phrases, for in English the last word says what a thing is. Plurals
and hyphens make no difference: "pre-trained model" and "pretrained models" are one phrase, known by
its letters, `pretrainedmodel`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text import fold
from index.words import STOP_WORDS

LONGEST = 4
"""Words of the longest phrase."""

# What abstracts are told in, whatever they are about.
_VERBS = """
    achieve address adopt aim allow analyze apply argue assess attempt become bring build call
    combine compare compose conduct consider consist construct contribute create deal define
    demonstrate depend derive describe determine develop differ discuss employ enable ensure
    establish evaluate examine exhibit exist explain explore extend facilitate find focus follow
    give go grow help identify implement improve include incorporate increase indicate introduce
    investigate involve keep lack lead let leverage mean motivate need observe obtain occur
    offer operate outperform overcome perform present produce propose prove provide reach reduce
    relate rely remain require reveal seek serve show solve start study suffer suggest take tend
    try use utilize vary want work yield
"""
_GLUE = """
    ability able about above according across actual additional additionally after again against
    almost along already although always among another any approach approaches around available
    aware based because before behind best better between beyond both capability capabilities
    case cases challenge challenges challenging clear clearly common commonly comparable
    competitive complete comprehensive consistent consistently contribution contributions
    critical crucial current currently deeper despite detailed different difficult due during
    each easily easy effective effectively effectiveness efficient efficiently eight either
    emerging end enhanced especially essential etc even ever every example examples experiment
    experimental experiments extensive extensively far finally findings first five found four
    framework frameworks full fully fundamental further furthermore future general generally
    given goal good great greater greatly hand hard hence here high higher highest highly idea
    impact important improvement improvements increasingly indeed individual initial insight
    insights instead interest interesting issue issues key known large-scale largely last later
    least led less level like likely limitation limitations limited little longer lower made
    main mainly major make makes many meanwhile method methods methodology moreover mostly much
    multiple namely near nearly necessary never nevertheless new next nine notably novel now
    number numerous often ones open-source order overall paper papers particular particularly
    per perhaps popular possible potential potentially powerful practical practice previous
    previously primarily primary principled prior problem problems promising purpose question
    questions quite range rather really recent recently regarding relatively relevant remarkable
    respectively result results rich robust robustly role second seen set sets seven several
    shown significance significant significantly similar similarly simple simply since single
    six small-scale solution solutions specific specifically state-of-the-art still strong
    substantial substantially successful successfully suitable superior survey systematic
    systematically task tasks ten therefore third three thus together total toward towards two
    type types typical typically underlying unexplored unified unlike useful usually valuable
    variety various vast versatile via well whereas whether whole wide widely within without
    world yet learn learns learned understand understands
"""


def _inflected(verb: str) -> tuple[str, ...]:
    """Return the forms of a regular verb."""
    third = f"{verb[:-1]}ie" if verb.endswith("y") and verb[-2] not in "aeiou" else verb
    return verb, f"{third}s", f"{third.removesuffix('e')}ed", f"{verb.removesuffix('e')}ing"


_SILENT = STOP_WORDS | set(_GLUE.split())
_SILENT |= {form for verb in _VERBS.split() for form in _inflected(verb)}

_PIECE = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*|[^\w\s]")
_BREAK = "|"


class Spoken(NamedTuple):
    """A phrase where it stands in a text: its letters, its characters (end excluded)."""

    letters: str
    start: int
    end: int


class Words(dict[str, str]):
    """Each written word as phrases know it, a break for one that carries no subject."""

    def __missing__(self, written: str) -> str:
        known = self[written] = _known(written)
        return known


def _known(written: str) -> str:
    folded = re.sub(r"['’]s?$", "", fold(written))
    if folded in _SILENT:
        return _BREAK
    letters = "".join(filter(str.isalnum, folded))
    if len(letters) < 2 or letters in _SILENT or not any(map(str.isalpha, letters)):
        return _BREAK
    return singular(letters)


def singular(word: str) -> str:
    """Return a word without the ending of its plural.

    The S-stemmer of Harman, How Effective Is Suffixing?, 1991; words in -is stay besides.
    """
    if len(word) > 3:
        if word.endswith("ies") and not word.endswith(("eies", "aies")):
            return word[:-3] + "y"
        if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
            return word[:-1]
        if word.endswith("s") and not word.endswith(("us", "ss", "is")):
            return word[:-1]
    return word


def pieces(text: str) -> list[str]:
    """Return the words and marks of a text, compounds whole."""
    return _PIECE.findall(text)


def letters_of(text: str) -> str:
    """Return the letters that a phrase is known by, whatever its hyphens, plurals and case."""
    return "".join(part for part in map(_known, pieces(text)) if part != _BREAK)


def runs(text: str, words: Words) -> Iterator[str]:
    """Yield the runs of a text, each as its words as phrases know them; some have one or none."""
    return iter(" ".join(map(words.__getitem__, pieces(text))).split(_BREAK))


def ends(run: Sequence[str]) -> list[str]:
    """Return the phrases that a run ends in, the shortest first, as their letters."""
    return ["".join(run[-length:]) for length in range(2, min(LONGEST, len(run)) + 1)]


def spoken(text: str, words: Words) -> Iterator[Spoken]:
    """Yield the phrases of a text with their places."""
    run: list[tuple[str, int, int]] = []
    for match in (*_PIECE.finditer(text), None):
        known = words[match[0]] if match else _BREAK
        if match and known != _BREAK:
            run.append((known, match.start(), match.end()))
            continue
        for length, letters in enumerate(ends([word for word, _, _ in run]), 2):
            yield Spoken(letters, run[-length][1], run[-1][2])
        run.clear()
