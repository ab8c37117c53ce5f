"""Renaming, merging and deleting tags, including the tags below them."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import CarrelError, Library, Paper
from index.marks.changes import Tag
from index.papers.tags import MAX_TAG_CHARS

HELD = {
    "one": ("nlp", "nlp/rag", "todo"),
    "two": ("nlp/rag/dense",),
    "three": ("lang", "lang/rag"),
    "four": ("nlpx",),
}


@pytest.fixture
def tagged(library: Library) -> Library:
    library.add([Paper(f"Paper {name}", id=name) for name in HELD], "page")
    for name, tags in HELD.items():
        library.apply(Tag((name,), tags))
    return library


def held(library: Library) -> dict[str, tuple[str, ...]]:
    return {paper.id: paper.tags for paper in library.papers(HELD)}


def test_rename_tag_includes_tags_below(tagged: Library) -> None:
    done = tagged.marks.rename_tag("nlp", "text")
    assert (done.words, done.papers) == ("renamed the tag nlp to text: 2 papers", 2)
    assert held(tagged) == {
        "one": ("text", "text/rag", "todo"),
        "two": ("text/rag/dense",),
        "three": ("lang", "lang/rag"),
        "four": ("nlpx",),
    }


def test_rename_tag_to_existing_merges(tagged: Library) -> None:
    tagged.apply(Tag(("one",), ("lang/rag",)))
    assert tagged.marks.rename_tag("nlp", "lang").words == "merged the tag nlp into lang: 2 papers"
    tags = tagged.marks.tags()
    assert tags == {"lang": 2, "lang/rag": 2, "lang/rag/dense": 1, "nlpx": 1, "todo": 1}


def test_rename_tag_below_itself_and_back(tagged: Library) -> None:
    tagged.marks.rename_tag("nlp", "nlp/rag")
    assert held(tagged)["one"] == ("nlp/rag", "nlp/rag/rag", "todo")
    assert held(tagged)["two"] == ("nlp/rag/rag/dense",)
    tagged.marks.rename_tag("nlp/rag", "nlp")
    assert held(tagged) == HELD


def test_rename_tag_without_own_papers_renames_tags_below(tagged: Library) -> None:
    tagged.marks.rename_tag("nlp/rag", "retrieval")
    assert held(tagged)["two"] == ("retrieval/dense",)
    assert tagged.marks.rename_tag("nlp", "text").papers == 1


def test_delete_tag_deletes_tags_below(tagged: Library) -> None:
    done = tagged.marks.delete_tag("nlp")
    assert (done.words, done.papers) == ("deleted the tag nlp: 2 papers", 2)
    assert held(tagged)["one"] == ("todo",)
    assert held(tagged)["two"] == ()


def test_rename_tag_to_same_name_changes_nothing(tagged: Library) -> None:
    assert tagged.marks.rename_tag("nlp", "#nlp/").papers == 0
    assert len(tagged.marks.log()) == len(HELD)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [("none", "x", "no paper has the tag none"), ("nlp", "!!", "invalid tag"),
     ("nlp", "x" * MAX_TAG_CHARS, "tags below it would be longer")],
)  # fmt: skip
def test_rename_tag_invalid_raises_and_changes_nothing(
    tagged: Library, old: str, new: str, fault: str
) -> None:
    with pytest.raises(CarrelError, match=fault):
        tagged.marks.rename_tag(old, new)
    assert held(tagged) == HELD


def test_searches_with_tag_include_tags_below(tagged: Library) -> None:
    tagged.saved.add("mine", "is:unread -tag:nlp/rag")
    tagged.saved.add("below", 'tag:"nlp" graph')
    tagged.saved.add("other", "tag:nlpx nlp")
    assert tagged.marks.searches_with_tag("nlp") == ["mine", "below"]
    assert tagged.marks.searches_with_tag("nlp/rag") == ["mine"]


names = st.sampled_from(["a", "a/b", "a/b/c", "b", "b/c", "ab", "a/a"])


@given(st.lists(st.tuples(st.sampled_from([*HELD]), names), min_size=1), names, names)
def test_undo_restores_all_tags(
    library: Library, given_tags: list[tuple[str, str]], old: str, new: str
) -> None:
    library.add([Paper(f"Paper {name}", id=name) for name in HELD], "page")
    for name, tag in given_tags:
        library.apply(Tag((name,), (tag,)))
    before = held(library)
    for turn in (
        partial(library.marks.rename_tag, old, new),
        partial(library.marks.delete_tag, old),
    ):
        if library.marks.tags_below(old):
            done = turn()
            assert (
                new in ("", old) or new.startswith(f"{old}/") or not library.marks.tags_below(old)
            )
            if done.papers:
                library.undo()
        assert held(library) == before
    for name in HELD:
        library.apply(Tag((name,), (), held(library)[name]))
