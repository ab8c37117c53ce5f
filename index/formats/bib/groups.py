"""JabRef groups as tags, from the tree and the keys in a file's comments.

The format: https://docs.jabref.org/finding-sorting-and-cleaning-entries/groups, which is in
 `@comment{jabref-meta: groupstree: …}` (before 4.0 with the keys of each group) and
`@comment{jabref-meta: grouping: …}`.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from index.errors import CarrelError
from index.papers.tags import normalize_tag

_TREE = re.compile(r"@[^{]*\{\s*jabref-meta:\s*(?:groupstree|grouping):", re.IGNORECASE)
_GROUP = re.compile(r"(\d{1,3}) (\w+Group):(.*)", re.DOTALL)
_FIELD_END = re.compile(r"\\;")
_WITH_KEYS = "ExplicitGroup"


@dataclass(slots=True)
class Groups:
    """The path of each group (`llm/safety`), and the paths of each lower-case key (`members`)."""

    paths: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)

    def add_comment(self, comment: str) -> None:
        """Add the groups of a comment, if it has any."""
        start = _TREE.match(comment)
        if not start:
            return
        above: list[str] = []
        # Lines are wrapped anywhere, even within names and keys.
        tree = re.sub(r"[\r\n]+", "", comment[start.end() :])
        for item in re.split(r"(?<!\\);", tree):
            match = _GROUP.match(item.strip())
            if match:
                self._add_group(int(match[1]), match[2], match[3], above)

    def _add_group(self, level: int, kind: str, text: str, above: list[str]) -> None:
        name, *rest = (re.sub(r"\\(.)", r"\1", part) for part in _FIELD_END.split(text))
        del above[max(level - 1, 0) :]
        if level < 1:
            return
        above.append(name)
        path = "/".join(above)
        self.paths.setdefault(name, path)
        for key in rest[1:] if kind == _WITH_KEYS else ():
            if key:
                self.members.setdefault(key.lower(), []).append(path)

    def of(self, key: str, named: str) -> Iterator[str]:
        """Yield the groups of an entry: those that contain its key, then those in its field."""
        yield from self.members.get(key.lower(), ())
        for name in named.split(","):
            if name.strip():
                yield self.paths.get(name.strip(), name.strip())


def tags(names: Iterator[str]) -> tuple[str, ...]:
    """Return the names that are valid tags."""
    found: dict[str, None] = {}
    for name in names:
        with suppress(CarrelError):
            found[normalize_tag(name)] = None
    return tuple(found)
