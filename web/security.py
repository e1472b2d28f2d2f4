"""The security headers of every response: pages, payloads, errors and static files alike.

Our own dozen lines rather than flask-talisman: that library's last release is of 2023 and it is
mostly about forcing HTTPS, which is the business of the proxy in front.
"""

from __future__ import annotations

from flask import Flask, Response

# The pages hold no script at all, so none is allowed: not even one of our own origin.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # What a reader searches for is nobody else's business: other sites are told nothing.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secure(app: Flask) -> None:
    """Add the headers to every response of `app`; a view's own value of a header wins."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
