"""A model of a library's marks, to which each change is applied as well."""

import random
from dataclasses import dataclass
from typing import NamedTuple

Mark = tuple[str, str, str]
"""The id of a paper, a kind and a value."""


class Op(NamedTuple):
    """A change of the papers numbered from `first` to before `stop`, or an undo or redo."""

    verb: str  # bookmark, read, tag, note, undo, redo
    first: int = 0
    stop: int = 0
    value: str = ""
    on: bool = True

    @property
    def ids(self) -> list[str]:
        return [f"p{number}" for number in range(self.first, self.stop)]


@dataclass(frozen=True)
class Ledger:
    """Marks, and the changes that can be undone and redone: the facts each added and removed."""

    marks: frozenset[Mark] = frozenset()
    done: tuple[tuple[frozenset[Mark], frozenset[Mark]], ...] = ()
    undone: tuple[tuple[frozenset[Mark], frozenset[Mark]], ...] = ()

    def after(self, op: Op) -> "Ledger":
        """Return the state after a change."""
        if op.verb == "undo":
            added, taken = self.done[-1]
            marks = self.marks - added | taken
            return Ledger(marks, self.done[:-1], (*self.undone, self.done[-1]))
        if op.verb == "redo":
            added, taken = self.undone[-1]
            marks = self.marks - taken | added
            return Ledger(marks, (*self.done, self.undone[-1]), self.undone[:-1])
        named = {(paper, op.verb, op.value) for paper in op.ids}
        if op.verb == "note":  # a new note replaces the old one
            of = {paper for paper, _, _ in named}
            others = {mark for mark in self.marks if mark[1] == "note" and mark[0] in of}
            named, others = named - others, others - named
        else:
            others = set()
        added = frozenset(named - self.marks) if op.on else frozenset()
        taken = frozenset(others if op.on else named & self.marks)
        if not added and not taken:
            return self
        return Ledger(self.marks - taken | added, (*self.done, (added, taken)), ())


def script(
    chance: random.Random, length: int, papers: int, most: int = 1, *, first: int = 0,
    travel: bool = True,
) -> list[Op]:  # fmt: skip
    """Return random changes of up to `most` papers at once.

    With `travel`, some are undone and redone.
    """
    ops: list[Op] = []
    known = Ledger()  # earlier changes are not undone
    while len(ops) < length:
        draw = chance.random()
        if travel and draw < 0.2 and known.done:
            op = Op("undo")
        elif travel and draw < 0.3 and known.undone:
            op = Op("redo")
        else:
            count = chance.randint(max(1, most // 2), most)
            start = first + chance.randrange(papers - count + 1)
            verb = chance.choice(("bookmark", "read", "tag", "tag", "note"))
            value = f"{verb}{chance.randrange(10**9)}" if verb in ("tag", "note") else ""
            op = Op(verb, start, start + count, value)
        if op.verb not in ("undo", "redo", "tag", "note"):
            # Whether these have an effect depends on the state, which is computed first.
            ops.append(op._replace(on=chance.random() < 0.7))
            known = Ledger()
            continue
        ops.append(op)
        known = known.after(op)
    return ops
