"""The web application: pages, endpoint, headers and error pages put together.

`create_app` is called by the command line's `serve` and by tests, each with a service of their
own; the application holds nothing else.
"""

from __future__ import annotations

from flask import Flask

from search.service import SearchService
from web import api, error_pages, pages, rendering, security
from web.settings import Settings


def create_app(service: SearchService, settings: Settings | None = None) -> Flask:
    """Return the WSGI application over one service."""
    settings = settings or Settings()
    app = Flask("web")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    # An address with a Turkish query is long; far beyond this lies no question of a person.
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    security.secure(app)
    rendering.prepare(app, settings)
    app.register_blueprint(pages.blueprint(service, settings))
    app.register_blueprint(api.blueprint(service))
    error_pages.register(app)
    return app
