"""Sessions that branch in place: which records are on the path that was followed to the end.

Pi and llama.app write a record's own id and that of its parent. Going back and asking again gives a record whose parent
is not the one before it; what stood between stays in the file, on a branch that nobody returned to.
"""

from __future__ import annotations

from collections.abc import Sequence

_IDS = (str, int)


class Tree:
    """Records in file order, each linked to an earlier one.

    Only an earlier record can be a parent: no chain of ids, however broken, makes a loop, and a path is in file order.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.orphans = 0
        """Records whose parent is not in the file before them."""
        self._parents: list[int] = []
        self._places: dict[str | int, int] = {}
        self._linked = False

    def add(self, own: object, parent: object) -> None:
        """The next record.

        Args:
            own: its id; anything but a text or a number is none.
            parent: its parent's id; None begins a tree of its own, "" follows the record before it, and so does an id
                that is not in the file: to show a record too many is better than to lose all that came before it.
        """
        place = len(self._parents)
        before = place - 1
        if parent is None:
            before = -1
        elif isinstance(parent, _IDS) and parent in self._places:
            before = self._places[parent]
            self._linked = True
        elif parent != "" and place:
            self.orphans += 1
        self._parents.append(before)
        if isinstance(own, _IDS):
            self._places[own] = place

    def place(self, own: object) -> int | None:
        """Where the record with this id stands, counted from 0; None when there is none."""
        return self._places.get(own) if isinstance(own, _IDS) else None

    def path(self, leaf: int | None = None) -> Sequence[int]:
        """Places of the records from the root to `leaf`, by default the last record.

        All of them when no record names another as its parent: then the ids say nothing.
        """
        if not self._linked:
            return range(len(self._parents))
        found: list[int] = []
        at = len(self._parents) - 1 if leaf is None else leaf
        while at >= 0:
            found.append(at)
            at = self._parents[at]
        found.reverse()
        return found

    def notes(self, path: Sequence[int], what: str = "entries") -> tuple[str, ...]:
        """What a reader must know of the records that are not on the path, or are there by guess."""
        notes: list[str] = []
        if len(path) < len(self._parents):
            on_path, parents = set(path), set(self._parents)
            left = [place for place in range(len(self._parents)) if place not in on_path]
            ends = sum(place not in parents for place in left)
            notes.append(f"{_number(len(left), what)} on {ends} other branch{'' if ends == 1 else 'es'} "
                         f"{'is' if len(left) == 1 else 'are'} not shown")  # fmt: skip
        if self.orphans:
            names = "names a parent" if self.orphans == 1 else "name parents"
            notes.append(
                f"{_number(self.orphans, what)} {names} not in the file before; shown after what stands before"
            )
        return tuple(notes)


_SINGULAR = {"entries": "entry", "messages": "message"}


def _number(count: int, what: str) -> str:
    return f"{count:,} {_SINGULAR.get(what, what) if count == 1 else what}"
