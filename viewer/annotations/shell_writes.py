"""Files written through the shell (heredoc, `tee`, `sed -i`): edits that no edit tool shows."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.plural import counted


def find(judged: Judged) -> Iterator[Annotation]:
    """One `shell_write` for each file. Facts: `path`, `times`."""
    written: dict[str, list[int]] = {}
    for index, changes in enumerate(judged.changes):
        for path in dict.fromkeys(change.path for change in changes if change.shell and change.path):
            written.setdefault(path, []).append(index)
    for path, indices in written.items():
        command = judged.commands[indices[0]]
        times = f" {counted(len(indices), 'time')}" if len(indices) > 1 else ""
        yield Annotation(
            "shell_write",
            tuple(indices),
            f"`{path}` was written through the shell{times}",
            one_line(command.text, 200) if command is not None else "",
            confidence="B",
            facts={"path": path, "times": len(indices)},
        )


ANNOTATOR = Annotator("shell_writes", find, "B")
