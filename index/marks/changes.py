"""Changes of marks as values, and the facts that marks consist of.

The marks of a paper are a set of facts: it is bookmarked, is read, is dismissed, has a place in the
queue, has a tag, has a note. A change adds or removes facts. The facts that it really changed are
written to the journal; their inverses undo it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index.marks.queue import Queue, rearranged, shifted
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
        """The verb for the change, in the past tense."""
        return "bookmarked" if self.on else "unbookmarked"


@dataclass(frozen=True, slots=True)
class Read:
    """Mark papers as read, or as unread."""

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """The verb for the change, in the past tense."""
        return "marked read" if self.on else "marked unread"


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Dismiss papers, or end their dismissal.

    Dismissing a paper removes its bookmark, and removes it from the queue; bookmarking it or adding
    it to the queue ends the dismissal.
    """

    ids: tuple[str, ...]
    on: bool = True

    @property
    def verb(self) -> str:
        """The verb for the change, in the past tense."""
        return "dismissed" if self.on else "undismissed"


@dataclass(frozen=True, slots=True)
class Later:
    """Add papers to the end of the queue in their order, or remove them from it.

    With `place` (from 1), they are placed there, whether they are in the queue or not.
    """

    ids: tuple[str, ...]
    on: bool = True
    place: int | None = None

    @property
    def verb(self) -> str:
        """The verb for the change, in the past tense."""
        if not self.on:
            return "removed from the queue:"
        return f"placed at {self.place:,} of the queue:" if self.place else "added to the queue:"


@dataclass(frozen=True, slots=True)
class MoveInQueue:
    """Move papers up the queue (by a negative number) or down, together; others are left alone."""

    ids: tuple[str, ...]
    by: int

    @property
    def verb(self) -> str:
        """The verb for the change, in the past tense."""
        return f"moved {'up' if self.by < 0 else 'down'} the queue:"


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
        """The verb for the change, in the past tense."""
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
        """The verb for the change, in the past tense."""
        return "noted" if self.text or self.below else "note removed from"


Change = Bookmark | Read | Dismissed | Later | MoveInQueue | Tag | Note

LATER = "later"
"""The kind of the fact that a paper is in the queue; its value is the place there."""


class PaperMarks(NamedTuple):
    """The facts about one paper, as kinds and values."""

    paper: PaperKey
    facts: frozenset[tuple[str, str]]

    def values(self, kind: str) -> list[str]:
        """Return the sorted values of a kind: the tags, or the notes."""
        return sorted(value for known_kind, value in self.facts if known_kind == kind)


def facts_changed(
    change: Change, marks: Iterable[PaperMarks], queue: Queue | None = None
) -> list[Fact]:
    """Return the facts that a change adds or removes, given the marks of its papers.

    A change of the queue needs the whole `queue`.
    """
    marks = list(marks)
    if isinstance(change, Later | MoveInQueue):
        return list(_queue_facts(change, marks, queue or {}))
    wanted = _requested_facts(change)
    facts: list[Fact] = []
    for paper, known in marks:
        if isinstance(change, Note):
            facts += _note_facts(change, paper, known)
            continue
        for kind, value, on in wanted:
            if ((kind, value) in known) != on:
                facts.append(Fact(paper, kind, value, on))
        facts += _facts_ended(change, paper, known)
    return facts


def _facts_ended(
    change: Change, paper: PaperKey, known: frozenset[tuple[str, str]]
) -> Iterator[Fact]:
    """Yield the removals of facts that a bookmark or a dismissal implies."""
    ended: tuple[str, ...] = ()
    if isinstance(change, Dismissed) and change.on:
        ended = ("bookmark", LATER)
    elif isinstance(change, Bookmark) and (change.on or ("bookmark", "") in known):
        ended = ("dismissed",)  # also if the bookmark hid it: unbookmarking does not dismiss
    yield from (Fact(paper, kind, value, False) for kind, value in sorted(known) if kind in ended)


def _queue_facts(
    change: Later | MoveInQueue, marks: list[PaperMarks], queue: Queue
) -> Iterator[Fact]:
    """Yield the facts of a change of the queue, each removal before its addition."""
    if isinstance(change, Later) and not change.on:
        yield from (Fact(p, LATER, queue[p], False) for p, _ in marks if p in queue)
        return
    papers = [paper for paper, _ in marks]
    if isinstance(change, MoveInQueue):
        places = shifted(queue, papers, change.by)
    elif change.place:
        places = rearranged(queue, papers, change.place - 1)
    else:
        places = rearranged(queue, [p for p in papers if p not in queue], len(queue))
    for paper, place in places.items():
        if paper in queue:
            yield Fact(paper, LATER, queue[paper], False)
        yield Fact(paper, LATER, place, True)
    if isinstance(change, Later):
        ended = (paper for paper, known in marks if ("dismissed", "") in known)
        yield from (Fact(paper, "dismissed", "", False) for paper in ended)


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
        case Dismissed(on=on):
            return [("dismissed", "", on)]
        case Tag(add=add, remove=remove):
            removed = [("tag", name, False) for name in remove if name not in add]
            return [("tag", name, True) for name in add] + removed
        case Note() | Later() | MoveInQueue():
            return []  # depends on the existing note, or on the queue


def describe_change(verb: str, count: int, title: str) -> str:
    """Return a description of a change: a single paper is named by its title."""
    return f"{verb} “{one_line(title, 48)}”" if count == 1 else f"{verb} {count:,} papers"
