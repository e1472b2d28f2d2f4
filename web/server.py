"""How the application is served: a production WSGI server (waitress) on one address.

Waitress rather than Flask's own server, which is for development only. The socket is ours, so
that it listens before it is announced and a busy port has a clear message.
"""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import NoReturn
from urllib.parse import quote_from_bytes

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server

from index.errors import WorldError


class ListenError(WorldError):
    """The address cannot be listened on: taken, forbidden, or none of this machine."""


class _Request(HTTPRequestParser):
    """Takes an address with letters that are not percent-encoded, as curl sends what is typed."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line, end, rest = header_plus.partition(b"\r\n")
        encoded = quote_from_bytes(first_line, safe=_ASCII).encode()
        super().parse_header(encoded + end + rest)


_ASCII = bytes(range(128))


class _Channel(HTTPChannel):
    parser_class = _Request


def serve_until_ended(
    app: Flask, host: str, port: int, threads: int, announce: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM; `announce` gets the site's URL once connections are taken.

    Port 0 takes a free one. Raises `ListenError`.
    """
    listening = _listen(host, port)
    # ident=None: no header tells a stranger which server this is.
    server = create_server(app, sockets=[listening], threads=threads, ident=None)
    assert isinstance(server, BaseWSGIServer)  # noqa: S101  # one socket: no set of servers
    server.channel_class = _Channel
    signal.signal(signal.SIGTERM, _leave)
    shown = f"[{host}]" if ":" in host else host
    announce(f"http://{shown}:{listening.getsockname()[1]}/")
    server.run()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except socket.gaierror as error:
        raise ListenError(f"'{host}' is no address of this machine; try 127.0.0.1") from error
    except OSError as error:
        raise ListenError(_reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use on {host}; choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} is not allowed to this user; choose one from 1024 with --port"
    return f"cannot listen on {host}, port {port} ({error.strerror})"


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)  # waitress ends its threads on this
