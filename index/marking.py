"""Changes to marks and tags, each in one transaction with its journal entry."""

from collections.abc import Callable, Iterable

from index.errors import CarrelError
from index.marks import changes
from index.marks.changes import Change, ChangeResult, Fact, PaperMarks
from index.marks.queue import Queue
from index.papers.tags import MAX_TAG_CHARS, normalize_tag
from index.query import Label, every_leaf, parse
from index.store import Database, JournalEntry, MarkStore, PaperStore, SearchStore
from index.text.cleaning import format_count, one_line


class Marking:
    """The marks of a library and the journal of their changes; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._marks = MarkStore(database)
        self._searches = SearchStore(database)

    def of(self, ids: Iterable[str]) -> list[PaperMarks]:
        """Return the marks of papers; raises UnknownPaper, which names every unknown id."""
        return self._marks.of(self._papers.keys(ids))

    def apply(self, change: Change) -> ChangeResult:
        """Change the marks of papers and journal the change; see `Library.apply`."""
        keys = self._papers.keys(change.ids)
        with self._database.transaction():
            facts = changes.facts_changed(change, self._marks.of(keys), self._queue(change))
            changed = {fact.paper for fact in facts}.intersection(keys)
            title = self._papers.rows([next(iter(changed))])[0].title if len(changed) == 1 else ""
            words = changes.describe_change(change.verb, len(changed), title)
            if facts:
                self._marks.record(facts, words)
        return ChangeResult(words, len(changed))

    def _queue(self, change: Change) -> Queue:
        """Return the queue, if a change needs it."""
        if not isinstance(change, changes.Later | changes.MoveInQueue):
            return {}
        return self._marks.queue()

    def undo(self) -> JournalEntry | None:
        """Undo the latest change; see `Library.undo`."""
        return self._marks.undo()

    def redo(self) -> JournalEntry | None:
        """Redo the most recently undone change; see `Library.redo`."""
        return self._marks.redo()

    def log(self, limit: int = 100) -> list[JournalEntry]:
        """Return the changes of marks, newest first."""
        return self._marks.log(limit)

    # -- tags --------------------------------------------------------------------------------------

    def tags(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it."""
        return self._marks.tags()

    def tags_by_use(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it; the tag added last is first."""
        return self._marks.tags_by_use()

    def rename_tag(self, old: str, new: str) -> ChangeResult:
        """Rename a tag and the tags below it, merging it into an existing tag of the new name.

        Raises CarrelError if no paper has the tag, or the new name is invalid.
        """
        old, new = self._known(old), normalize_tag(new)
        longest = max(len(tag) for tag in self.tags_below(old)) - len(old) + len(new)
        if longest > MAX_TAG_CHARS:
            reason = f"tags below it would be longer than {MAX_TAG_CHARS} characters"
            raise CarrelError(f"cannot rename {old}: {reason}; use a shorter name")
        merges = new != old and new in self._marks.tags()
        words = f"merged the tag {old} into {new}" if merges else f"renamed the tag {old} to {new}"
        return self._change(old, lambda tag: new + tag[len(old) :], words)

    def delete_tag(self, name: str) -> ChangeResult:
        """Remove a tag and the tags below it from all papers; raises CarrelError if none has it."""
        name = self._known(name)
        return self._change(name, lambda _: "", f"deleted the tag {name}")

    def tags_below(self, name: str) -> list[str]:
        """Return a tag, if a paper has it, and the tags below it."""
        return [tag for tag in self._marks.tags() if tag == name or tag.startswith(f"{name}/")]

    def searches_with_tag(self, name: str) -> list[str]:
        """Return the names of saved searches that refer to a tag or to one below it."""
        name = normalize_tag(name)
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
        tag = normalize_tag(name)
        if not self.tags_below(tag):
            raise CarrelError(
                f"no paper has the tag {one_line(tag, 40)}; carrel tags lists all tags"
            )
        return tag

    def _change(self, name: str, renamed: Callable[[str], str], words: str) -> ChangeResult:
        """Rename a tag and those below it on every paper, or remove them ("" as the new name)."""
        with self._database.transaction():
            facts: list[Fact] = []
            tagged = self._marks.tagged(self.tags_below(name))
            for paper, held, old in tagged:
                new = {renamed(tag) for tag in old} - {""}
                facts += (Fact(paper, "tag", tag, False) for tag in old - new)
                facts += (Fact(paper, "tag", tag, True) for tag in new - held)
            words = f"{words}: {format_count(len(tagged), 'paper')}"
            if facts:
                self._marks.record(facts, words)
        return ChangeResult(words, len(tagged) if facts else 0)
