"""Changes of marks: facts and their inverses, and a journal that can undo them."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from index import CarrelError, Library, Paper
from index.marks.changes import (
    LATER,
    Bookmark,
    Change,
    Dismissed,
    Fact,
    Later,
    MoveInQueue,
    Note,
    PaperMarks,
    Read,
    Tag,
    describe_change,
    facts_changed,
)
from index.papers.paper import PaperKey
from index.papers.tags import MAX_TAG_CHARS, normalize_tag
from tests.examples import examples

IDS = ("one", "two", "three")
MANY = [Paper(title=f"Paper {name}", id=name) for name in IDS]

some_ids = st.lists(st.sampled_from(IDS), min_size=1, unique=True).map(tuple)
tags = st.lists(st.sampled_from(["nlp", "nlp/rag", "todo"]), max_size=2).map(tuple)
any_change = st.one_of(
    st.builds(Bookmark, some_ids, st.booleans()),
    st.builds(Read, some_ids, st.booleans()),
    st.builds(Tag, some_ids, tags, tags),
    st.builds(Note, some_ids, st.sampled_from(["", "first", "second"])),
    st.builds(Dismissed, some_ids, st.booleans()),
    st.builds(Later, some_ids, st.booleans(), st.sampled_from([None, 1, 2])),
    st.builds(MoveInQueue, some_ids, st.integers(-2, 2)),
)


class TestTagNames:
    @pytest.mark.parametrize(
        ("written", "name"),
        [("nlp", "nlp"), ("#nlp", "nlp"), ("+to read", "to-read"), ("nlp//rag/", "nlp/rag"),
         ('a"b,c', "abc"), ("Ünï", "Ünï"), ("a\x1b[2Jb", "ab"), ("中文", "中文"),
         (", 0", "0"), ("c++", "c++"), ("C#", "C#")],
    )  # fmt: skip
    def test_normalize_tag_returns_normalized_form(self, written: str, name: str) -> None:
        assert normalize_tag(written) == name

    @pytest.mark.parametrize("written", ["", " ", "/", "!?", "#", "---"])
    def test_normalize_tag_without_letters_raises(self, written: str) -> None:
        with pytest.raises(CarrelError, match="invalid tag"):
            normalize_tag(written)

    @given(st.text())
    def test_normalize_tag_is_idempotent_and_typable(self, text: str) -> None:
        try:
            name = normalize_tag(text)
        except CarrelError:
            return
        assert normalize_tag(name) == name
        assert len(name) <= MAX_TAG_CHARS
        assert not set(name) & set(' \t\n"(),:*~')


class TestFactsChanged:
    def test_facts_changed_skips_existing_facts(self) -> None:
        held = [
            PaperMarks(PaperKey(1), frozenset({("bookmark", "")})),
            PaperMarks(PaperKey(2), frozenset()),
        ]
        assert facts_changed(Bookmark(()), held) == [Fact(PaperKey(2), "bookmark", "", True)]
        assert facts_changed(Bookmark((), on=False), held) == [
            Fact(PaperKey(1), "bookmark", "", False)
        ]

    def test_facts_changed_note_replaces_existing_note(self) -> None:
        held = [PaperMarks(PaperKey(1), frozenset({("note", "old")}))]
        assert set(facts_changed(Note((), "new"), held)) == {
            Fact(PaperKey(1), "note", "new", True), Fact(PaperKey(1), "note", "old", False)
        }  # fmt: skip
        assert facts_changed(Note((), " "), held) == [Fact(PaperKey(1), "note", "old", False)]
        assert facts_changed(Note((), "old"), held) == []

    def test_facts_changed_tag_added_and_removed_is_added(self) -> None:
        assert facts_changed(
            Tag((), ("a",), ("a", "b")), [PaperMarks(PaperKey(1), frozenset())]
        ) == [Fact(PaperKey(1), "tag", "a", True)]

    @given(
        any_change,
        st.frozensets(st.sampled_from([("bookmark", ""), ("tag", "nlp"), ("note", "first")])),
    )
    def test_inverse_facts_undo_change(
        self, change: Change, held: frozenset[tuple[str, str]]
    ) -> None:
        facts = facts_changed(change, [PaperMarks(PaperKey(1), held)])
        after = turned(held, facts)
        queue = {PaperKey(1): value for kind, value in after if kind == LATER}
        assert facts_changed(change, [PaperMarks(PaperKey(1), after)], queue) == []
        assert turned(after, [fact.inverse() for fact in facts]) == held


def turned(held: frozenset[tuple[str, str]], facts: list[Fact]) -> frozenset[tuple[str, str]]:
    there = {(f.kind, f.value) for f in facts if f.added}
    gone = {(f.kind, f.value) for f in facts if not f.added}
    return (held | there) - gone


class TestDescriptions:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (Bookmark(("one",)), "bookmarked “Paper one”"),
            (Bookmark(IDS), "bookmarked 3 papers"),
            (Bookmark(("one",), on=False), "unbookmarked 0 papers"),
            (Read(("two", "one")), "marked read 2 papers"),
            (Tag(IDS, ("nlp",), ("todo",)), "tagged +nlp -todo 3 papers"),
            (Note(("one",), "text"), "noted “Paper one”"),
            (Dismissed(IDS), "dismissed 3 papers"),
            (Later(("one",)), "added to the queue: “Paper one”"),
            (Later(IDS, place=1), "placed at 1 of the queue: 3 papers"),
            (MoveInQueue(IDS, 1), "moved down the queue: 0 papers"),
        ],
    )
    def test_apply_returns_description(self, library: Library, change: Change, words: str) -> None:
        library.add(MANY, "page")
        assert library.apply(change).words == words

    def test_describe_change_long_title_is_cut(self) -> None:
        assert len(describe_change("bookmarked", 1, "x" * 500)) < 80

    def test_apply_without_effect_adds_no_journal_entry(self, library: Library) -> None:
        library.add(MANY, "page")
        library.apply(Bookmark(("one",)))
        assert library.apply(Bookmark(("one",))).papers == 0
        assert [entry.words for entry in library.marks.log()] == ["bookmarked “Paper one”"]

    def test_log_has_papers_and_state_of_changes(self, library: Library) -> None:
        library.add(MANY, "page")
        library.apply(Bookmark(IDS))
        library.apply(Tag(("one",), ("nlp",)))
        undone = library.undo()
        assert undone is not None
        assert (undone.words, undone.papers, undone.state) == (
            "tagged +nlp “Paper one”",
            1,
            "undone",
        )
        assert [(e.words, e.papers, e.state) for e in library.marks.log()] == [
            ("tagged +nlp “Paper one”", 1, "undone"),
            ("bookmarked 3 papers", 3, "done"),
        ]
        library.apply(Read(("two",)))
        assert library.marks.log()[1].state == "dropped"
        assert library.redo() is None

    def test_undo_empty_journal_returns_none(self, library: Library) -> None:
        assert library.undo() is None
        assert library.redo() is None

    def test_undo_continues_after_reopening(self, library: Library, folder: Path) -> None:
        library.add(MANY, "page")
        library.apply(Bookmark(IDS))
        library.close()
        with Library.open(folder) as again:
            entry = again.undo()
            assert entry is not None
            assert entry.papers == 3
            assert not any(paper.bookmarked for paper in again.papers(IDS))


State = dict[str, tuple[object, ...]]


class Journal(RuleBasedStateMachine):
    """Changes, undo and redo compared with a simple model: a list of states and a position."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        from tempfile import TemporaryDirectory

        self.place = TemporaryDirectory()
        self.library = Library.open(self.place.name)
        self.library.add(MANY, "page")
        self.states = [self.state()]
        self.at = 0

    def state(self) -> State:
        return {
            p.id: (p.bookmarked, p.read, p.dismissed, p.later, p.tags, p.note)
            for p in self.library.papers(IDS)
        }

    @rule(change=any_change)
    def apply(self, change: Change) -> None:
        if self.library.apply(change).papers:
            self.states[self.at + 1 :] = [self.state()]
            self.at += 1

    @rule()
    def undo(self) -> None:
        assert (self.library.undo() is not None) == (self.at > 0)
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self) -> None:
        assert (self.library.redo() is not None) == (self.at < len(self.states) - 1)
        self.at = min(self.at + 1, len(self.states) - 1)

    @invariant()
    def marks_are_as_they_were_at_this_place(self) -> None:
        assert self.state() == self.states[self.at]

    def teardown(self) -> None:
        while self.library.undo():
            pass
        assert self.state() == dict.fromkeys(IDS, (False, False, False, None, (), ""))
        while self.library.redo():
            pass
        assert self.state() == self.states[-1]
        self.library.close()
        self.place.cleanup()


Journal.TestCase.settings = settings(examples(15), stateful_step_count=20)
TestJournal = Journal.TestCase


@given(st.text(string.printable))
def test_note_any_text_is_cleaned(text: str) -> None:
    assert all(c.isprintable() or c in "\n\t" for c in Note((), text).text)
