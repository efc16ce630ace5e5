"""Which category a tool belongs to, by its name, for every harness. A table: add a name where it belongs."""

from __future__ import annotations

from viewer.model import Category

TOOLS: tuple[tuple[Category, str], ...] = (
    (
        "shell",
        "bash bashoutput bash_output killshell killbash taskoutput taskstop shell shell_command "
        "local_shell local_shell_call exec exec_command write_stdin run_terminal_cmd run_shell_command "
        "execute python hf_jobs sandbox_create process powershell monitor",
    ),
    (
        "edit",
        "edit multiedit multi_edit write notebookedit apply_patch create str_replace "
        "str_replace_based_edit_tool replace write_file edit_file hf_repo_files hf_repo_git",
    ),
    (
        "read",
        "read ls view view_image read_file list_dir list_directory notebookread cat read_many_files "
        "github_read_file hf_inspect_dataset readmcpresourcetool lsp",
    ),
    (
        "search",
        "grep glob find search search_files grep_files codebase_search file_search toolsearch tool_search "
        "tool_search_call github_find_examples github_list_repos find_hf_api multi_grep",
    ),
    (
        "web",
        "webfetch websearch web_search web_search_call web_fetch fetch browser explore_hf_docs "
        "fetch_hf_docs hf_papers google_web_search",
    ),
    (
        "plan",
        "todowrite todoread todo todo_write update_plan exitplanmode enterplanmode plan_tool "
        "askuserquestion ask_user request_user_input notify taskcreate taskupdate tasklist taskget "
        "slashcommand skill",
    ),
    (
        "agent",
        "task agent subagent spawn_agent spawn_pi wait_agent close_agent send_input send_message "
        "resume_agent wait research workflow sendmessage teamcreate",
    ),
)
"""Category, and the names of its tools in lower case with spaces between."""

_CATEGORY: dict[str, Category] = {name: category for category, names in TOOLS for name in names.split()}


def category_of(name: str) -> Category:
    """The category of a tool name, whatever its case; `mcp__server__tool` is mcp; a name not in the table is other."""
    lowered = name.lower()
    if lowered.startswith("mcp__"):
        return "mcp"
    return _CATEGORY.get(lowered, "other")
