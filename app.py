"""Agent Trace Viewer: `python app.py [PATH ...]` on a laptop, or as it stands on a Hugging Face Space.

`python app.py publish PATH ...` publishes instead (`viewer/publish/command.py`).
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported: no request to any other host

if __name__ == "__main__" and sys.argv[1:2] == ["publish"]:  # it needs no page, and need not wait for Gradio
    from viewer.publish.command import run

    sys.exit(run(sys.argv[2:]))

from starlette.middleware import Middleware

from viewer.evalcheck.data import EvalData
from viewer.evalcheck.jobs import EvalJobs
from viewer.evalcheck.service import EvalService
from viewer.evalcheck.uploads import Uploads as EvalUploads
from viewer.library import Library
from viewer.publish.jobs import Jobs
from viewer.settings import Settings, read_settings
from viewer.sources import Source, SourceError, default_sources, path_sources
from viewer.sources.demo import demo_source
from viewer.sources.hub_listing import HubLimits
from viewer.sources.hub_visits import HubVisits
from viewer.sources.upload import Uploads
from viewer.summary_cache import SummaryCache
from viewer.ui.blocks import build_blocks, head, theme
from viewer.ui.eval_api import add_eval_api
from viewer.web.eval_routes import eval_routes
from viewer.web.guard import ContentSecurityPolicy, Guard
from viewer.web.hub_routes import HubApi
from viewer.web.publish_routes import PublishApi
from viewer.web.routes import build_routes
from viewer.web.tokens import HideTokens, TokenVault
from viewer.web.upload_routes import UploadApi
from viewer.web.visitors import Visitors

ASSETS = Path(__file__).parent / "assets"


def build_library(settings: Settings) -> Library:
    """What there is to show: the paths given, the session folders of this machine, the demo race."""
    local: tuple[Source, ...] = ()
    if settings.local:
        local = (*path_sources(settings.paths), *default_sources(Path.home(), dict(os.environ)))
    return Library((*local, demo_source(ASSETS)), SummaryCache(settings.cache_file))


def _settle_memory() -> None:
    """Spare the collector what lives as long as the process: a large heap, walked in the middle of a request.

    Measured: the second answer about a 50 MB run took 35 to 55 ms instead of 175 ms.
    """
    gc.collect()
    gc.freeze()


def main() -> None:
    """Read the environment, build, launch."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "httpx2"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    settings = read_settings(sys.argv[1:], os.environ)
    try:
        library = build_library(settings)
    except SourceError as error:
        sys.exit(f"app.py: {error}")
    _settle_memory()
    limits = HubLimits(settings.hub_files, settings.hub_repo_limit)
    visits = HubVisits(settings.hub_folder, settings.hub_limit, limits=limits)
    vault = TokenVault()
    visitors = Visitors(settings.local, settings.login, vault)
    hub = HubApi(visits, visitors)
    checks = EvalService(EvalData(ASSETS / "eval" / "sample.csv", visits, EvalUploads()), EvalJobs())
    jobs = Jobs(settings.hub_folder.parent / "scanner")
    uploads = UploadApi(Uploads(), library, jobs.forget_source)
    publishing = PublishApi(jobs, uploads, library, visitors)
    build_blocks(settings.login, lambda: add_eval_api(checks, visitors)).launch(
        server_name=settings.host,
        server_port=settings.port,
        app_kwargs={
            "routes": [
                *eval_routes(checks, visitors),
                *build_routes(library, ASSETS, hub, uploads),
                *uploads.routes(),
                *publishing.routes(),
            ],
            "middleware": [
                Middleware(ContentSecurityPolicy),
                Middleware(Guard, loopback=settings.local),
                Middleware(HideTokens, vault=vault),
            ],
        },
        head=head(),
        theme=theme(),
        footer_links=[],
        ssr_mode=False,
        run_history=False,  # it would keep what a visitor looked at in the browser's storage
        enable_monitoring=False,  # its summary answers anyone
        share=False,
    )


if __name__ == "__main__":
    main()
