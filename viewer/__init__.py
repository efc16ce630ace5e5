"""Agent Trace Viewer: what coding agents did, next to how well it went. `README.md` in this folder maps the package."""
