"""Tags as a whole: renamed, merged and deleted, with the tags below them and everything tagged."""

from collections.abc import Callable

from index.errors import CarrelError
from index.marks.changes import Done, Fact
from index.papers.tags import LONGEST_TAG, tag_name
from index.query import Label, every_leaf, parse
from index.store import Database, MarkStore, SearchStore
from index.text.cleaning import counted, one_line


class Tagging:
    """The tags of a library; any thread may call."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._marks = MarkStore(database)
        self._searches = SearchStore(database)

    def rename(self, old: str, new: str) -> Done:
        """Give a tag, and those below it, another name; one that is there already is merged with.

        Raises CarrelError where no paper has the tag, or the new name cannot be one.
        """
        old, new = self._known(old), tag_name(new)
        longest = max(len(tag) for tag in self.below(old)) - len(old) + len(new)
        if longest > LONGEST_TAG:
            raise CarrelError(f"{one_line(new, 40)!r} is too long with the tags below {old}")
        merges = new != old and new in self._marks.tags()
        words = f"merged the tag {old} into {new}" if merges else f"renamed the tag {old} to {new}"
        return self._turn(old, lambda tag: new + tag[len(old) :], words)

    def delete(self, name: str) -> Done:
        """Take a tag and those below it off every paper; raises CarrelError where none has it."""
        name = self._known(name)
        return self._turn(name, lambda _: "", f"deleted the tag {name}")

    def below(self, name: str) -> list[str]:
        """Return a tag, where papers have it, and those below it."""
        return [tag for tag in self._marks.tags() if tag == name or tag.startswith(f"{name}/")]

    def searches(self, name: str) -> list[str]:
        """Return the names of saved searches that ask for a tag or for one below it."""
        name = tag_name(name)
        return [
            search.name
            for search in self._searches.all()
            if any(
                isinstance(leaf, Label)
                and leaf.field == "tag"
                and f"{leaf.value}/".startswith(f"{name}/")
                for leaf in every_leaf(parse(search.query).tree)
            )
        ]

    def _known(self, name: str) -> str:
        tag = tag_name(name)
        if not self.below(tag):
            raise CarrelError(f"no paper has the tag {one_line(tag, 40)}; carrel tags lists them")
        return tag

    def _turn(self, name: str, renamed: Callable[[str], str], words: str) -> Done:
        """Change a tag and those below it on every paper, as one change."""
        with self._database.transaction():
            facts: list[Fact] = []
            tagged = self._marks.tagged(self.below(name))
            for paper, held, going in tagged:
                coming = {renamed(tag) for tag in going} - {""}
                facts += (Fact(paper, "tag", tag, False) for tag in going - coming)
                facts += (Fact(paper, "tag", tag, True) for tag in coming - held)
            words = f"{words}: {counted(len(tagged), 'paper')}"
            if facts:
                self._marks.record(facts, words)
        return Done(words, len(tagged) if facts else 0)
