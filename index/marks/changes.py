"""Changes of marks as values, and the facts that marks consist of.

The marks of a paper are a set of facts: it is bookmarked, is read, has a tag, has a note. A change
adds or removes facts. The facts that it really changed are written to the journal; their inverses
undo it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index.papers.paper import PaperKey
from index.papers.tags import normalize_tag
from index.text.cleaning import clean, one_line


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """A description of what a change did, and the number of papers it changed."""

    words: str
    papers: int


class Fact(NamedTuple):
    """A fact that was added to a paper, or removed from it if `added` is False."""

    paper: PaperKey
    kind: str
    value: str
    added: bool

    def inverse(self) -> "Fact":
        """Return the fact that undoes this one."""
        return self._replace(added=not self.added)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Bookmark papers, or remove their bookmarks."""

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """What the change did, in the past tense."""
        return "bookmarked" if self.on else "unbookmarked"


@dataclass(frozen=True, slots=True)
class Read:
    """Mark papers as read, or as unread."""

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """What the change did, in the past tense."""
        return "marked read" if self.on else "marked unread"


@dataclass(frozen=True, slots=True)
class Tag:
    """Add tags to papers and remove tags from them."""

    ids: tuple[str, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "add", tuple(dict.fromkeys(map(normalize_tag, self.add))))
        object.__setattr__(self, "remove", tuple(dict.fromkeys(map(normalize_tag, self.remove))))

    @property
    def verb(self) -> str:
        """What the change did, in the past tense."""
        signed = [f"+{tag}" for tag in self.add] + [f"-{tag}" for tag in self.remove]
        return f"tagged {' '.join(signed)}"


@dataclass(frozen=True, slots=True)
class Note:
    """Set the note of papers; an empty text removes it.

    With `below` the text is appended to an existing note, and an empty text changes nothing.
    """

    ids: tuple[str, ...]
    text: str
    below: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text, lines=True).strip())

    @property
    def verb(self) -> str:
        """What the change did, in the past tense."""
        return "noted" if self.text or self.below else "note removed from"


Change = Bookmark | Read | Tag | Note


class PaperMarks(NamedTuple):
    """The facts about one paper, as kinds and values."""

    paper: PaperKey
    facts: frozenset[tuple[str, str]]

    def values(self, kind: str) -> list[str]:
        """Return the sorted values of a kind: the tags, or the notes."""
        return sorted(value for known_kind, value in self.facts if known_kind == kind)


def facts_changed(change: Change, marks: Iterable[PaperMarks]) -> list[Fact]:
    """Return the facts that a change adds or removes, given the marks of its papers."""
    wanted = _requested_facts(change)
    facts: list[Fact] = []
    for paper, known in marks:
        if isinstance(change, Note):
            facts += _note_facts(change, paper, known)
            continue
        for kind, value, on in wanted:
            if ((kind, value) in known) != on:
                facts.append(Fact(paper, kind, value, on))
    return facts


def _note_facts(change: Note, paper: PaperKey, known: frozenset[tuple[str, str]]) -> Iterator[Fact]:
    """Yield the facts that a note adds or removes: it replaces every other note."""
    notes = sorted(value for kind, value in known if kind == "note")
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
            removed = [("tag", name, False) for name in remove if name not in add]
            return [("tag", name, True) for name in add] + removed
        case Note():
            return []  # depends on the existing note


def describe_change(verb: str, count: int, title: str) -> str:
    """Return a description of a change: a single paper is named by its title."""
    return f"{verb} “{one_line(title, 48)}”" if count == 1 else f"{verb} {count:,} papers"
