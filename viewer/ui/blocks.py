"""The Blocks app: a shell with one empty place, which the modules in `assets/js` fill.

The place is an empty `gr.Column`. `gr.HTML` is not used: it evaluates its template as JavaScript, which a strict
content security policy forbids and hostile trace text must never come near.
"""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from viewer.web.routes import ASSETS_PATH

VIEW_ID = "view"

_HEAD = """
<link rel="icon" type="image/svg+xml" href="{assets}/icon.svg">
<link rel="stylesheet" href="{assets}/css/tokens.css">
<link rel="stylesheet" href="{assets}/css/app.css">
<link rel="stylesheet" href="{assets}/css/timeline.css">
<link rel="stylesheet" href="{assets}/css/bring.css">
<link rel="stylesheet" href="{assets}/css/compare.css">
<link rel="stylesheet" href="{assets}/css/eval.css">
<link rel="stylesheet" href="{assets}/css/issues.css">
<script type="module" src="{assets}/js/main.js"></script>
"""


def build_blocks(login: bool, add_api: Callable[[], None] | None = None) -> gr.Blocks:
    """The page; `add_api` adds the functions of its API.

    With `login`, Gradio's routes for signing in with a Hub account are there too. They come with a login button. It is
    hidden, as it would lose all but the first parameter of the link that a visitor came with (the page has a link of
    its own), and made outside of the page, which leaves its script out: that would be evaluated from a string, which
    the policy forbids.
    """
    routes = gr.LoginButton(visible=False) if login else None
    blocks = gr.Blocks(title="Agent Trace Viewer", analytics_enabled=False)
    # On a Space, Gradio's page would ask huggingface.co how the Space is, and show nothing where it may not ask.
    blocks.space_id = None
    with blocks:
        with gr.Column(elem_id=VIEW_ID):
            pass
        if routes is not None:
            routes.render()  # type: ignore[no-untyped-call]
        if add_api is not None:
            add_api()
    return blocks


def head() -> str:
    """What goes into the page's head: styles and the module that starts everything.

    Paths are relative to the page, as a Space may serve it below a prefix.
    """
    return _HEAD.format(assets=ASSETS_PATH.lstrip("/"))


def theme() -> gr.themes.Base:
    """Gradio's plainest theme in system fonts; `app.css` gives its parts the tokens of the views."""
    return gr.themes.Base(font=["ui-sans-serif", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
