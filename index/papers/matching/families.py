"""Family names in common between the authors of two records."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.papers.names import PARTICLES, Name, guess_name, parse_inverted
from index.papers.paper import Paper
from index.text.folding import fold

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"(.*[^\W\d_]{2}.*?)\s+([A-Z](?:[.\s-]?[A-Z]){0,2}\.?)$")
_PARTICLE_WORDS = frozenset(particle.strip("'.") for particle in PARTICLES)
_UMLAUT = re.compile(r"([aou])e")

# Family names that are written first in their own language, and often remain so in files.
_FAMILY_FIRST = frozenset(
    """wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng
    liang xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang kim lee park
    choi jung kang cho yoon jang lim nguyen tran pham hoang phan vu dang sato suzuki takahashi
    tanaka watanabe ito yamamoto nakamura kobayashi""".split()
)


class Family(NamedTuple):
    """The folded words of a family name without particles, and of the given name."""

    words: tuple[str, ...]
    given: tuple[str, ...]

    def agrees(self, other: "Family") -> bool:
        """Return whether two names may be of one person, judged by family names.

        A family name agrees with one that it ends, since text without structure does not say where
        a family name begins. Names whose parts are exchanged agree, and names that have only a word
        in common which may be a given name do not: Wang Wei and Li Wei.
        """
        if _ends(self.words, other.words) or _ends(other.words, self.words):
            return not (_is_family_first(self) and _is_family_first(other)) or (
                self.given == other.given or self.given[0][0] == other.given[0]
            )
        return self.given == other.words and self.words == other.given


def families(paper: Paper) -> tuple[Family, ...]:
    """Return the family names of a paper's authors, or editors if it has no authors."""
    names: Iterable[Name] = paper.names or map(_parse, paper.authors)
    if not paper.authors:
        names = paper.citation.names("editor")
    return tuple(family for family in map(_family, names) if family.words)


def shared(some: Sequence[Family], others: Sequence[Family]) -> int:
    """Return the number of names in one list that agree with a name in the other."""
    by_word: dict[str, list[Family]] = {}
    for other in dict.fromkeys(others):  # the same name a thousand times costs as one
        for word in {other.words[-1], *other.given[:1]}:
            by_word.setdefault(word, []).append(other)
    return sum(any(map(one.agrees, by_word.get(one.words[-1], ()))) for one in some)


def are_equal(one: Paper, other: Paper) -> bool:
    """Return whether two papers have the same family names, those of a shortened list included."""
    some, others = families(one), families(other)
    if not some or not others:
        return False
    if len(some) > len(others) and other.et_al:
        some, others = others, some
    if len(some) != len(others) and not (one.et_al or other.et_al):
        return False
    return shared(some, others) == len(some)


def _parse(author: str) -> Name:
    if "," in author:
        return parse_inverted(author)
    if match := _INITIALS.fullmatch(author):  # Ravn K, as in MEDLINE
        return Name(family=match[1], given=match[2])
    return guess_name(author)


def _family(name: Name) -> Family:
    words = _words(name.literal or name.family)
    if not name.literal:
        while len(words) > 1 and words[0] in _PARTICLE_WORDS:
            words = words[1:]
    return Family(words, () if name.literal else _words(name.given))


def _words(text: str) -> tuple[str, ...]:
    """Return folded words, with `Müller` and `Mueller` as one."""
    plain = fold(text).replace("'", "")
    return tuple(_UMLAUT.sub(r"\1", word) for word in _WORD.findall(plain))


def _ends(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return words == others[-len(words) :]


def _is_family_first(name: Family) -> bool:
    return len(name.words) == len(name.given) == 1 and name.given[0] in _FAMILY_FIRST
