"""Files written through the shell (heredoc, `tee`, `sed -i`): edits that no edit tool shows."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.brief import one_line
from viewer.edits import is_scratch, name_of
from viewer.plural import counted


def find(judged: Judged) -> Iterator[Annotation]:
    """One `shell_writes` for a run that did. Facts: `paths`, in order, and `times`.

    Scratch files (in a temporary folder, or named by a variable) are no edits of the project and not told.
    """
    written: dict[str, None] = {}
    indices: list[int] = []
    for index, changes in enumerate(judged.changes):
        paths = [change.path for change in changes if change.by_shell and change.path and not is_scratch(change.path)]
        if paths:
            indices.append(index)
            written.update(dict.fromkeys(paths))
    if not indices:
        return
    first = judged.commands[indices[0]]
    patterns = sum("*" in path for path in written)  # the shell knows how many files one is, the trace does not
    files = len(written) - patterns
    counts = [counted(files, "file")] if files else []
    counts += [f"{'those' if files else 'the files'} of {counted(patterns, 'pattern')}"] if patterns else []
    shown = list(dict.fromkeys(map(name_of, written)))
    names = ", ".join(f"`{name}`" for name in shown[:3]) + (" …" if len(shown) > 3 else "")
    yield Annotation(
        "shell_writes",
        tuple(indices),
        f"{' and '.join(counts)} changed through the shell, which no edit tool shows: {names}",
        one_line(first.text, 200) if first is not None else "",
        confidence="B",
        facts={"paths": list(written), "times": len(indices)},
    )


ANNOTATOR = Annotator("shell_writes", find, "B")
