"""Shorthand for Pi's three tools, and the frames its tracebacks go through."""

from __future__ import annotations

from stories.steps import Call

CWD = "/home/dev/jim-crow-pi"
PACKAGES = "/home/dev/.cache/uv/environments-v2/train-5f0c2f6d9a41be73/lib/python3.12/site-packages"


def bash(command: str, output: str, took: float = 0.3, *, failed: bool = False, timeout: int = 0) -> Call:
    """A shell command and what it printed; Pi adds the exit code itself when the command fails."""
    args: dict[str, object] = {"command": command.strip("\n")}
    if timeout:
        args["timeout"] = timeout
    shown = output.strip("\n") + ("\n\nCommand exited with code 1" if failed else "")
    return Call("bash", args, shown, took, failed)


def write(path: str, content: str) -> Call:
    """A new file."""
    return Call("write", {"path": path, "content": content}, took=0.01)


def edit(path: str, *changes: tuple[str, str]) -> Call:
    """Replaced passages, as pairs of old and new text."""
    edits = [{"oldText": old, "newText": new} for old, new in changes]
    return Call("edit", {"path": path, "edits": edits}, took=0.01)
