"""Dumps: restoring marks in another library, and merging those of several machines."""

import itertools
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.errors import UnreadableFile
from index.marks.changes import (
    Bookmark,
    Change,
    Dismissed,
    Later,
    MoveInQueue,
    Note,
    Read,
    Tag,
)
from index.marks.merging import (
    Stamped,
    StampedSearch,
    fact_name,
    later_moment,
    merge_stamps,
    restore_stamp,
)
from tests.examples import examples
from tests.keys import keys

PAPERS = [
    Paper("Attention Is All You Need", id="attention", arxiv_id="1706.03762", year=2017),
    Paper("Deep Residual Learning", id="resnet", doi="10.1109/CVPR.2016.90"),
    Paper("A Title Alone", id="alone"),
]
IDS = [paper.id for paper in PAPERS]
PAST, LATER = "2020-01-01T00:00:00+00:00", "2021-01-01T00:00:00+00:00"
FUTURE = "2999-01-01T00:00:00+00:00"
HEADER = '{"carrel": "marks", "version": 1}\n'

Open = Callable[..., Library]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Open]:
    """Creates the library of another machine, with some papers."""
    numbers = itertools.count()
    with ExitStack() as stack:

        def made(*papers: Paper) -> Library:
            library = stack.enter_context(Library.open(tmp_path / f"machine-{next(numbers)}"))
            library.add(papers, "page")
            return library

        yield made


def dumped(library: Library) -> str:
    return "".join(library.dumps.dump().lines())


def file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "dump.jsonl"
    path.write_text(text)
    return str(path)


def marks(library: Library) -> dict[str, tuple[bool, bool, tuple[str, ...], str]]:
    found = library.page(library.search("", limit=0))
    return {p.title: (p.bookmarked, p.read, p.tags, p.note) for p in found}


def line(title: str = "A Title Alone", **facts: object) -> str:
    return json.dumps({"paper": {"title": title}, **facts}) + "\n"


def marked(library: Library) -> None:
    """Make one change of each kind, and undo some."""
    library.apply(Bookmark(("attention", "resnet")))
    library.apply(Read(("resnet",)))
    library.apply(Tag(("attention", "alone"), add=("nlp/rag", "todo")))
    library.apply(Note(("alone",), "first [b]draft[/b]\n\u2028 in two lines, für später"))
    library.apply(Note(("attention",), "gone"))
    library.apply(Note(("attention",), ""))
    library.apply(Tag(("alone",), remove=("todo",)))
    library.saved.add("to read", "is:unread -survey")
    library.saved.add("About speech", 'speech "text to"')
    library.saved.add("gone", "x")
    library.saved.remove("gone")


class TestDump:
    def test_dump_has_one_line_per_paper_with_times_of_marks(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine(*PAPERS)
        text = line(bookmark=PAST, tags={"b": PAST, "a": LATER}, removed={"read": PAST})
        library.dumps.merge(file(tmp_path, HEADER + text))
        assert dumped(library) == (
            HEADER + '{"paper": {"id": "alone", "title": "A Title Alone"}, '
            f'"bookmark": "{PAST}", "tags": {{"a": "{LATER}", "b": "{PAST}"}}, '
            f'"removed": {{"read": "{PAST}"}}}}\n'
        )

    def test_dump_has_every_identifier_of_paper(self, machine: Open) -> None:
        library = machine(*PAPERS)
        library.apply(Bookmark(("attention",)))
        known = json.loads(library.dumps.dump().papers[0])["paper"]
        assert known == {"id": "attention", "title": "Attention Is All You Need",
                         "year": 2017, "arxiv_id": "1706.03762"}  # fmt: skip

    def test_dump_of_equal_state_has_equal_bytes(self, machine: Open, tmp_path: Path) -> None:
        lines = [line("B", read=PAST), line("A", bookmark=PAST, removed={"read": PAST})]
        one, two = machine(Paper("A"), Paper("B")), machine(Paper("B"), Paper("A"))
        one.dumps.merge(file(tmp_path, HEADER + "".join(lines)))
        two.dumps.merge(file(tmp_path, HEADER + "".join(reversed(lines))))
        assert dumped(one) == dumped(two)

    def test_dump_omits_text_of_removed_note(self, machine: Open) -> None:
        library = machine(*PAPERS)
        library.apply(Note(("alone",), "a secret"))
        library.apply(Note(("alone",), "no secret"))
        text = dumped(library)
        assert "a secret" not in text
        assert fact_name("note", "a secret")[1] in text

    def test_dump_lines_have_no_control_characters(self, machine: Open) -> None:
        library = machine(*PAPERS)
        marked(library)
        assert all(each.rstrip("\n").isprintable() for each in library.dumps.dump().lines())

    def test_dump_file_is_private(self, machine: Open, tmp_path: Path) -> None:
        path = tmp_path / "marks.jsonl"
        machine(*PAPERS).dumps.dump().write_file(path)
        assert path.read_text() == HEADER
        assert path.stat().st_mode & 0o777 == 0o600


class TestRestore:
    def test_restore_into_equal_library_restores_marks_and_searches(
        self, machine: Open, tmp_path: Path
    ) -> None:
        one, two = machine(*PAPERS), machine(*reversed(PAPERS))
        marked(one)
        report = two.dumps.restore(file(tmp_path, dumped(one)))
        assert marks(two) == marks(one)
        assert two.saved.texts() == one.saved.texts()
        assert dumped(two) == dumped(one)
        assert (report.papers, report.set, report.taken, report.searches) == (3, 7, 0, 2)

    def test_restore_finds_paper_by_any_identifier(self, machine: Open, tmp_path: Path) -> None:
        one = machine(*PAPERS)
        one.apply(Bookmark(tuple(IDS)))
        two = machine(
            Paper("Attention?", id="vaswani", arxiv_id="1706.03762"),
            Paper("Deep Residual Learning: Nets", id="he", doi="10.1109/cvpr.2016.90"),
            Paper("A title: alone!", id="attention"),
        )
        two.dumps.restore(file(tmp_path, dumped(one)))
        assert all(bookmarked for bookmarked, *_ in marks(two).values())

    def test_restore_equal_titles_finds_same_paper(self, machine: Open, tmp_path: Path) -> None:
        papers = [Paper("Editorial", authors=("Ada",), year=1843),
                  Paper("Editorial", authors=("Alan",), year=1950),
                  Paper("Note", doi="10.1000/a"), Paper("Note", doi="10.1000/b")]  # fmt: skip
        one, two = machine(*papers), machine(*reversed(papers))
        ids = [paper.id for paper in one._papers.rows(keys(2, 4))]
        one.apply(Bookmark(tuple(ids)))
        two.dumps.restore(file(tmp_path, dumped(one)))
        found = [paper for paper in two._papers.rows(keys(1, 2, 3, 4)) if paper.bookmarked]
        assert [paper.year or paper.doi for paper in found] == ["10.1000/b", 1950]

    def test_restore_marks_of_missing_paper_are_pending_until_import(
        self, machine: Open, tmp_path: Path
    ) -> None:
        one, two = machine(*PAPERS), machine(PAPERS[2])
        marked(one)
        report = two.dumps.restore(file(tmp_path, dumped(one)))
        assert report.aside == 2
        assert dumped(two) == dumped(one)
        two.add(PAPERS[:1], "page")
        assert marks(two)["Attention Is All You Need"] == (True, False, ("nlp/rag", "todo"), "")
        assert two.marks.log(1)[0].words == "applied pending marks: 1 paper"
        assert two.add([Paper("Another")], "page") == ["added"]
        path = tmp_path / "page.jsonl"
        path.write_text('{"title": "Deep Residual Learning", "doi": "10.1109/CVPR.2016.90"}')
        two.import_paths([path])
        assert marks(two)["Deep Residual Learning"] == (True, True, (), "")
        assert two.dumps.dump().papers != []
        assert two.undo() is not None

    def test_restore_removes_nothing_and_restores_removed_marks(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine(*PAPERS)
        marked(library)
        text = dumped(library)
        library.apply(Bookmark(("attention",), on=False))
        library.apply(Tag(("alone",), add=("todo", "mine")))
        library.apply(Note(("alone",), "second"))
        library.saved.remove("to read")
        library.saved.add("mine", "x")
        library.dumps.restore(file(tmp_path, text))
        held = marks(library)
        assert held["Attention Is All You Need"][0]
        assert held["A Title Alone"][2] == ("mine", "nlp/rag", "todo")
        assert held["A Title Alone"][3].startswith("first [b]draft")
        assert held["A Title Alone"][3].endswith("\n\nsecond")
        assert set(library.saved.texts()) == {"to read", "About speech", "mine"}

    def test_merge_old_deletion_does_not_remove_restored_mark(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine(*PAPERS)
        library.apply(Bookmark(("alone",)))
        before = dumped(library)
        library.apply(Bookmark(("alone",), on=False))
        removal = dumped(library)
        library.dumps.restore(file(tmp_path, before))
        library.dumps.merge(file(tmp_path, removal))
        assert marks(library)["A Title Alone"][0]

    def test_restore_is_one_change_that_can_be_undone(self, machine: Open, tmp_path: Path) -> None:
        one, two = machine(*PAPERS), machine(*PAPERS)
        marked(one)
        two.apply(Tag(("alone",), add=("mine",)))
        before = marks(two)
        two.dumps.restore(file(tmp_path, dumped(one)))
        entry = two.undo()
        assert entry is not None
        assert entry.words == "restored from dump.jsonl: 3 papers"
        assert marks(two) == before
        assert two.redo() is not None
        assert marks(two)["Deep Residual Learning"] == (True, True, (), "")

    def test_restore_searches_keep_position_and_last_visit(
        self, machine: Open, tmp_path: Path
    ) -> None:
        one = machine(*PAPERS)
        marked(one)
        two = machine()
        two.dumps.restore(file(tmp_path, dumped(one)))
        assert [search.name for search in two.saved.all()] == ["to read", "About speech"]
        two.add([Paper("Read Before", added=PAST)], "page")
        two.add([Paper("Speech, text to text", added=FUTURE)], "page")
        assert {each.search.name: each.new for each in two.saved.counts()} == {
            "to read": 2, "About speech": 1
        }  # fmt: skip
        three = machine(Paper("Read Before", added=PAST), Paper("New", added=FUTURE))
        three.dumps.restore(file(tmp_path, dumped(one)))
        assert three.saved.counts()[0].new == 1

    def test_restore_any_note_or_tag_round_trips(self, machine: Open, tmp_path: Path) -> None:
        one = machine(Paper("A Title Alone", note="  indented\n\n\tlast", tags=("中文", "c++")))
        two = machine(PAPERS[2])
        two.dumps.restore(file(tmp_path, dumped(one)))
        two.dumps.merge(file(tmp_path, dumped(one)))
        assert marks(two) == marks(one)


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "message"),
        [("", "1: not a dump; carrel dump -o FILE writes one"),
         ("Get trending papers\n", "1: not a dump"),
         ('{"title": "A Title Alone"}\n', "1: not a dump"),
         ('{"carrel": "marks", "version": 2}\n', "1: unsupported dump version 2"),
         ('{"carrel": "marks"}\n', "1: unsupported dump version None")],
    )  # fmt: skip
    def test_restore_other_file_raises_and_changes_nothing(
        self, machine: Open, tmp_path: Path, text: str, message: str
    ) -> None:
        library = machine(*PAPERS)
        marked(library)
        before = dumped(library)
        for bring in (library.dumps.restore, library.dumps.merge):
            with pytest.raises(UnreadableFile, match=rf"dump.jsonl:{message}"):
                bring(file(tmp_path, text + line(bookmark=PAST)))
        assert dumped(library) == before

    @pytest.mark.parametrize(
        ("damaged", "message"),
        [("<<<<<<< HEAD", "not JSON at column 1"),
         ('{"paper": {"title": "x"}, "bookmark', "not JSON"),
         ("[" * 100_000, "nested too deeply"),
         ("[]", "not a JSON object"),
         ('{"a": 1}', "neither a paper nor a saved search"),
         (line(title=""), "no title"),
         (line(bookmark="yesterday"), "'yesterday' is not a time like 2025-"),
         (line(bookmark="2025-01-01T00:00:00"), "is not a time"),
         (line(bookmark="9999-12-31T23:59:59.999999+00:00"), "is not a time"),
         (line(bookmark=["x" * 900]), "is not a time"),
         (line(tags=["a"]), "tags is not a JSON object"),
         (line(tags={"/": PAST}), "invalid tag '/'"),
         (line(removed=[1]), "removed is not a JSON object"),
         (line(removed={"notes": {"text": PAST}}), "the digest of a removed note must be 32"),
         (line(), "the paper has no marks"),
         ('{"search": "7", "query": "x"}', "invalid name 7"),
         ('{"search": "x", "query": ""}', "the saved search has no query"),
         ('{"search": "x", "query": "y"}', "is not a time")],
        ids=range(18),
    )  # fmt: skip
    def test_restore_damaged_line_is_skipped_and_reported(
        self, machine: Open, tmp_path: Path, damaged: str, message: str
    ) -> None:
        library = machine(*PAPERS)
        text = HEADER + line(read=PAST) + damaged.strip() + "\n" + line(bookmark=PAST)
        report = library.dumps.merge(file(tmp_path, text))
        ((number, reason),) = [(each.line, each.reason) for each in report.skipped]
        assert number == 3
        assert message in reason
        assert len(reason) < 120
        assert marks(library)["A Title Alone"] == (True, True, (), "")

    def test_restore_hostile_text_is_cleaned(self, machine: Open, tmp_path: Path) -> None:
        library = machine(*PAPERS)
        text = line(tags={"a\x1b[2Jb": PAST}, notes={"x\x1b]0;t\x07y": PAST})
        text += json.dumps({"search": "a\u202eb", "query": "c\x07d", "saved": PAST}) + "\n"
        library.dumps.merge(file(tmp_path, HEADER + text))
        assert marks(library)["A Title Alone"][2:] == (("ab",), "xy")
        assert library.saved.texts() == {"ab": "cd"}

    def test_restore_missing_file_is_named(self, machine: Open, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"cannot read .*nowhere: .*check its name"):
            machine().dumps.restore(str(tmp_path / "nowhere"))
        with pytest.raises(UnreadableFile, match="neither a file nor a pipe"):
            machine().dumps.restore("/dev/zero")

    def test_restore_reads_pipe_to_the_end(self, machine: Open, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        text = HEADER + line(bookmark=PAST)
        writer = threading.Thread(target=pipe.write_text, args=(text,))
        writer.start()
        library = machine(*PAPERS)
        assert library.dumps.merge(str(pipe)).set == 1
        writer.join()


class TestMerge:
    def test_merge_later_removal_removes_mark(self, machine: Open, tmp_path: Path) -> None:
        one, two = machine(*PAPERS), machine(*PAPERS)
        marked(one)
        two.dumps.merge(file(tmp_path, dumped(one)))
        two.apply(Bookmark(("attention",), on=False))
        two.apply(Tag(("alone",), remove=("nlp/rag",)))
        two.saved.remove("to read")
        report = one.dumps.merge(file(tmp_path, dumped(two)))
        assert (report.set, report.taken, report.searches) == (0, 2, 1)
        assert marks(one) == marks(two)
        assert list(one.saved.texts()) == ["About speech"]
        assert one.undo() is not None
        assert marks(one)["Attention Is All You Need"][0]

    def test_merge_mark_set_after_removal_remains(self, machine: Open, tmp_path: Path) -> None:
        library = machine(*PAPERS)
        library.dumps.merge(file(tmp_path, HEADER + line(removed={"bookmark": PAST})))
        library.apply(Bookmark(("alone",)))
        assert (
            library.dumps.merge(file(tmp_path, HEADER + line(removed={"bookmark": PAST}))).taken
            == 0
        )
        assert marks(library)["A Title Alone"][0]

    def test_merge_two_notes_keeps_both_until_replaced(self, machine: Open, tmp_path: Path) -> None:
        one, two = machine(*PAPERS), machine(*PAPERS)
        one.apply(Note(("alone",), "before"))
        two.dumps.merge(file(tmp_path, dumped(one)))
        one.apply(Note(("alone",), "here"))
        two.apply(Note(("alone",), "there"))
        one.dumps.merge(file(tmp_path, dumped(two)))
        assert marks(one)["A Title Alone"][3] == "here\n\nthere"
        one.apply(Note(("alone",), "both"))
        two.dumps.merge(file(tmp_path, dumped(one)))
        assert marks(two)["A Title Alone"][3] == "both"

    def test_merge_saved_search_changed_on_both_is_latest(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine()
        search = {"search": "X", "query": "old", "position": 1, "saved": PAST, "visited": ""}
        newer = {**search, "search": "x", "query": "new", "saved": LATER}
        for each in (newer, search, newer):
            library.dumps.merge(file(tmp_path, HEADER + json.dumps(each) + "\n"))
        assert library.saved.texts() == {"x": "new"}

    @pytest.mark.parametrize("on", [True, False])
    def test_merge_clock_set_back_loses_nothing(
        self, machine: Open, tmp_path: Path, on: bool
    ) -> None:
        """A change is later than those written with a clock that was ahead."""
        library = machine(*PAPERS)
        ahead = {"removed": {"bookmark": FUTURE}} if on else {"bookmark": FUTURE}
        path = file(tmp_path, HEADER + line(**ahead))
        library.dumps.merge(path)
        assert library.apply(Bookmark(("alone",), on=on)).papers == 1
        library.dumps.merge(path)
        assert marks(library)["A Title Alone"][0] is on

    def test_merge_search_saved_with_clock_set_back_remains(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine()
        gone = file(tmp_path, HEADER + json.dumps({"search": "x", "removed": FUTURE}) + "\n")
        library.dumps.merge(gone)
        library.saved.add("X", "y")
        assert library.dumps.merge(gone).searches == 0
        library.saved.add("x", "z")
        saved = dumped(library)
        library.saved.remove("x")
        assert library.dumps.merge(file(tmp_path, saved)).searches == 0
        assert library.saved.texts() == {}

    def test_merge_removed_mark_of_removed_source_remains_removed(
        self, machine: Open, tmp_path: Path
    ) -> None:
        one, two = machine(*PAPERS), machine(*PAPERS)
        one.apply(Bookmark(("alone",)))
        text = dumped(one)
        two.dumps.merge(file(tmp_path, text))
        two.apply(Bookmark(("alone",), on=False))
        two.remove_source("page")
        assert two.count() == 0
        two.dumps.merge(file(tmp_path, text))
        two.add(PAPERS, "page")
        assert not marks(two)["A Title Alone"][0]

    def test_import_mark_of_file_is_not_lost_to_pending_marks(
        self, machine: Open, tmp_path: Path
    ) -> None:
        library = machine()
        library.dumps.merge(file(tmp_path, HEADER + line(removed={"bookmark": FUTURE})))
        library.add([Paper("A Title Alone", bookmarked=True)], "page")
        assert marks(library)["A Title Alone"][0]


# -- the laws --------------------------------------------------------------------------------------

moments = st.sampled_from([PAST, LATER, "2020-01-01T00:00:00.000001+00:00"])
stands = st.one_of(
    st.builds(Stamped, moments, st.just(True), st.just("v")),
    st.builds(Stamped, moments, st.just(False), st.just("")),
)
queries = st.sampled_from(["x", "y z"])
search_stands = st.one_of(
    st.builds(
        StampedSearch, moments, st.just(True), st.just("n"), queries, st.integers(1, 3), moments
    ),
    st.builds(StampedSearch, moments, st.just(False)),
)


@given(stands, stands, stands)
def test_merge_is_associative_and_takes_greater_stamp(
    one: Stamped, two: Stamped, three: Stamped
) -> None:
    assert merge_stamps(one, two) == merge_stamps(two, one)
    assert merge_stamps(merge_stamps(one, two), three) == merge_stamps(
        one, merge_stamps(two, three)
    )
    assert merge_stamps(one, one) == merge_stamps(None, one) == one
    both = merge_stamps(one, two)
    if one.at == two.at:
        assert both.present == (one.present or two.present)
    else:
        assert both == (one if one.at > two.at else two)


@given(stands, stands)
def test_restore_adds_all_and_removes_nothing(known: Stamped, given: Stamped) -> None:
    result = restore_stamp(known, given, LATER)
    assert result.present == (known.present or given.present)
    if result.present and not known.present:
        assert merge_stamps(known, result) == result


@given(st.datetimes(), st.sampled_from(["", PAST, LATER, FUTURE]))
def test_after_is_later_than_known_time(moment: object, known: str) -> None:
    now = f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"
    assert later_moment(known, now) > known
    assert later_moment(known, now) >= now or known >= now


titles = st.sampled_from([paper.title for paper in PAPERS])
words = st.sampled_from(["a", "b/c", "  d\ne"])
places = st.sampled_from(["5000000000", "5000000001", "50000000005"])
queued = st.tuples(places, moments).map(lambda place: dict([place]))
paper_facts = st.fixed_dictionaries(
    {},
    optional={
        "bookmark": moments,
        "read": moments,
        "dismissed": moments,
        "later": queued,
        "tags": st.dictionaries(st.sampled_from(["a", "b/c"]), moments),
        "notes": st.dictionaries(words, moments),
    },
)


@st.composite
def dumps(draw: st.DrawFn) -> str:
    """A dump as a machine could write it, each paper and search in it once."""
    lines = [HEADER]
    for title in draw(st.lists(titles, unique=True)):
        removed: dict[str, Any] = dict(draw(paper_facts))
        removed |= {"later": max(removed["later"].values())} if "later" in removed else {}
        removed["notes"] = {fact_name("note", k)[1]: v for k, v in removed.get("notes", {}).items()}
        facts = {**draw(paper_facts), "removed": removed}
        lines.append(line(title, **facts) if len(facts) > 1 or len(removed) > 1 else "")
    for name in draw(st.lists(st.sampled_from(["one", "two"]), unique=True)):
        search = draw(search_stands)
        shape: dict[str, Any] = {"removed": search.at}
        if search.present:
            shape = {"query": search.query, "position": search.position, "saved": search.at,
                     "visited": search.visited}  # fmt: skip
        lines.append(json.dumps({"search": name, **shape}) + "\n")
    return "".join(lines)


@examples(20)
@given(st.lists(dumps(), min_size=3, max_size=3), st.sets(st.sampled_from(PAPERS)))
def test_merge_dumps_in_any_order_and_repeatedly_gives_equal_state(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], known: set[Paper]
) -> None:
    place = tmp_path_factory.mktemp("laws")
    numbers = itertools.count()

    def merging(*some: str) -> str:
        with Library.open(place / f"machine-{next(numbers)}") as library:
            library.add(sorted(known, key=str), "page")
            for text in some:
                library.dumps.merge(file(place, text))
            return dumped(library)

    one, two, three = texts
    every = merging(one, two, three)
    assert merging(three, one, two) == every  # commutative
    assert merging(merging(two, three), one) == merging(three, merging(one, two)) == every
    assert merging(one, two, three, two, one, every) == every  # idempotent
    with Library.open(place / "restored") as library:
        library.add(sorted(known, key=str), "page")
        library.dumps.restore(file(place, every))
        assert dumped(library) == every


one_id = st.sampled_from(IDS).map(lambda name: (name,))
changes = st.one_of(
    st.builds(Bookmark, one_id, st.booleans()),
    st.builds(Read, st.just(tuple(IDS)), st.booleans()),
    st.builds(Tag, st.just(tuple(IDS[:2])), st.sampled_from([(), ("a",)]), st.just(("b", "a"))),
    st.builds(Tag, st.just(tuple(IDS[1:])), st.just(("b",))),
    st.builds(Note, one_id, st.sampled_from(["", "x", "y"])),
    st.builds(Dismissed, one_id, st.booleans()),
    st.builds(Later, st.just(tuple(IDS)), st.booleans(), st.sampled_from([None, 1])),
    st.builds(MoveInQueue, one_id, st.sampled_from([-1, 1])),
)
steps = st.tuples(st.integers(0, 2), st.one_of(changes, st.integers(0, 2), st.just("undo")))


@examples(25)
@given(st.lists(steps, max_size=8))
def test_merge_machines_agree_after_exchanging_dumps(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, Change | int | str]]
) -> None:
    place = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        machines = [stack.enter_context(Library.open(place / name)) for name in "abc"]
        for library in machines:
            library.add(PAPERS, "page")

        def hear(listener: Library, speaker: Library) -> None:
            listener.dumps.merge(file(place, dumped(speaker)))

        for at, step in history:
            if isinstance(step, int):
                hear(machines[at], machines[step])
            elif isinstance(step, str):
                machines[at].undo()
            else:
                machines[at].apply(step)
        a, b, c = machines
        last = [(a, b), (c, a), (a, c), (b, c)]
        for listener, speaker in last:
            hear(listener, speaker)
        assert dumped(a) == dumped(b) == dumped(c)
        assert marks(a) == marks(b) == marks(c)
        for machine in machines:  # merging the same dumps again changes nothing
            heard = machine.dumps.merge(file(place, dumped(a)))
            assert (heard.set, heard.taken) == (0, 0)
