"""What a reader may do to marks, as values; and the facts that marks are made of.

A mark is a set of facts about a paper: that it is bookmarked, read, has a tag, has a note. A change
asks for facts to be there or not. Applying it yields the facts that really changed, and those are
journalled: turned round, they undo it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from index.papers.paper import PaperKey
from index.papers.tags import normalize_tag
from index.text.cleaning import clean, one_line

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What a change did, in words, and to how many papers; 0 where all was so already."""

    words: str
    papers: int


class Fact(NamedTuple):
    """One fact about the paper with the library's number `paper`; `added` False takes it away."""

    paper: PaperKey
    kind: str
    value: str
    added: bool

    def inverse(self) -> "Fact":
        """Return the fact that undoes this one."""
        return self._replace(added=not self.added)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Bookmark papers, or take their bookmarks away."""

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """What is done, in the past tense."""
        return "bookmarked" if self.on else "unbookmarked"


@dataclass(frozen=True, slots=True)
class Read:
    """Mark papers as read, or as unread."""

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """What is done, in the past tense."""
        return "marked read" if self.on else "marked unread"


@dataclass(frozen=True, slots=True)
class Tag:
    """Give papers tags and take tags from them."""

    ids: tuple[str, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "add", tuple(dict.fromkeys(map(normalize_tag, self.add))))
        object.__setattr__(self, "remove", tuple(dict.fromkeys(map(normalize_tag, self.remove))))

    @property
    def verb(self) -> str:
        """What is done, in the past tense."""
        signed = [f"+{tag}" for tag in self.add] + [f"-{tag}" for tag in self.remove]
        return f"tagged {' '.join(signed)}"


@dataclass(frozen=True, slots=True)
class Note:
    """Write a note on papers, in place of the one they have; an empty text takes it away.

    With `below` it is written below the note a paper has, and an empty text changes nothing.
    """

    ids: tuple[str, ...]
    text: str
    below: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text, lines=True).strip())

    @property
    def verb(self) -> str:
        """What is done, in the past tense."""
        return "noted" if self.text or self.below else "note removed from"


Change = Bookmark | Read | Tag | Note


class PaperMarks(NamedTuple):
    """The facts of one paper that a change looks at: kinds and values."""

    paper: PaperKey
    facts: frozenset[tuple[str, str]]

    def values(self, kind: str) -> list[str]:
        """Return the values of a kind in their order: the tags, or the notes."""
        return sorted(value for known, value in self.facts if known == kind)


def facts_changed(change: Change, marks: Iterable[PaperMarks]) -> list[Fact]:
    """Return the facts a change would turn, given the marks of its papers; none where none do."""
    wanted = _requested_facts(change)
    facts: list[Fact] = []
    for paper, held in marks:
        if isinstance(change, Note):
            facts += _note_facts(change, paper, held)
            continue
        for kind, value, on in wanted:
            if ((kind, value) in held) != on:
                facts.append(Fact(paper, kind, value, on))
    return facts


def _note_facts(change: Note, paper: PaperKey, held: frozenset[tuple[str, str]]) -> Iterator[Fact]:
    """Yield the facts that a note would turn: the new one comes, every other goes."""
    notes = sorted(value for kind, value in held if kind == "note")
    text = change.text
    if change.below:
        text = "\n\n".join([*notes, text]) if text else ""
    if change.below and not text:
        return
    yield from (Fact(paper, "note", note, False) for note in notes if note != text)
    if text and text not in notes:
        yield Fact(paper, "note", text, True)


def _requested_facts(change: Change) -> list[tuple[str, str, bool]]:
    match change:
        case Bookmark(on=on):
            return [("bookmark", "", on)]
        case Read(on=on):
            return [("read", "", on)]
        case Tag(add=add, remove=remove):
            gone = [("tag", name, False) for name in remove if name not in add]
            return [("tag", name, True) for name in add] + gone
        case Note():
            return []  # which depends on the note there is


def describe_change(verb: str, count: int, title: str) -> str:
    """Return what was done to how many papers, in words: one is named by its title."""
    return f"{verb} “{one_line(title, 48)}”" if count == 1 else f"{verb} {count:,} papers"
