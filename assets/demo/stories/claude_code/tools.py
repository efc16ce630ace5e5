"""Shorthand for the Claude Code tools this story uses."""

from __future__ import annotations

from stories.steps import Call

CWD = "/home/dev/on-the-books"


def bash(command: str, about: str, output: str, took: float = 0.3, *, failed: bool = False) -> Call:
    """A shell command, its one-line description and what it printed."""
    args = {"command": command.strip("\n"), "description": about}
    return Call("Bash", args, output.strip("\n"), took, failed)


def write(path: str, content: str) -> Call:
    """A new or replaced file."""
    return Call("Write", {"file_path": f"{CWD}/{path}", "content": content}, took=0.06)


def edit(path: str, old: str, new: str) -> Call:
    """One replaced passage."""
    args = {"replace_all": False, "file_path": f"{CWD}/{path}", "old_string": old, "new_string": new}
    return Call("Edit", args, took=0.05)


def read(path: str, offset: int, limit: int) -> Call:
    """Part of a file the story wrote."""
    return Call("Read", {"file_path": f"{CWD}/{path}", "offset": offset, "limit": limit}, took=0.05)


def todos(done: int, *items: str) -> Call:
    """The task list with the first `done` items ticked and the next one under way."""
    listed = []
    for index, item in enumerate(items):
        status = "completed" if index < done else "in_progress" if index == done else "pending"
        listed.append({"content": item, "status": status, "activeForm": item})
    return Call("TodoWrite", {"todos": listed}, took=0.05)
