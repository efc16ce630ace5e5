"""Shorthand for the ml-intern tools that both ml-intern runs use; paths are inside its sandbox."""

from __future__ import annotations

from stories.steps import Call


def bash(command: str, output: str) -> Call:
    """A shell command and what it printed (the caller puts `Exit code N` first where it failed unpiped)."""
    return Call("bash", {"command": command.strip("\n")}, output.strip("\n"))


def write(path: str, content: str) -> Call:
    """A new or replaced file."""
    return Call("write", {"path": path, "content": content})


def edit(path: str, old: str, new: str) -> Call:
    """One replaced passage."""
    return Call("edit", {"path": path, "old_str": old, "new_str": new})


def read(path: str, offset: int, limit: int) -> Call:
    """Part of a file the story wrote."""
    return Call("read", {"path": path, "offset": offset, "limit": limit})


def plan(done: int, *items: str) -> Call:
    """The plan with the first `done` items ticked and the next one under way."""
    listed, shown = [], []
    for index, item in enumerate(items):
        status = "completed" if index < done else "in_progress" if index == done else "pending"
        listed.append({"id": str(index + 1), "content": item, "status": status})
        shown.append(f"[{status}] {index + 1}. {item}")
    return Call("plan_tool", {"todos": listed}, "Plan updated.\n\n" + "\n".join(shown))


def job(operation: str, output: str, **more: object) -> Call:
    """A call of the HF Jobs tool."""
    return Call("hf_jobs", {"operation": operation} | more, output.strip("\n"))


def repo(operation: str, repo_id: str, output: str, **more: object) -> Call:
    """A call of the Hub repository tool."""
    return Call("hf_repo_files", {"operation": operation, "repo_id": repo_id} | more, output.strip("\n"))


def finished(job_id: str, status: str, log: str) -> str:
    """What the jobs tool answers when a job it waited for has ended."""
    url = f"https://huggingface.co/jobs/davanstrien/{job_id}"
    head = f"Python job ended.\n\n**Job ID:** {job_id}\n**Final Status:** {status}\n**View at:** {url}\n\n**Logs:**\n"
    return head + "```\n" + log.strip("\n") + "\n```"
