"""The engines that are measured side by side, each behind the same small adapter (`adapter`).

`ENGINES` names them all; a module is loaded, in a process of its own, when its engine is measured.
Where a package or a server is missing the engine is left out with a message.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from benchmarks.engines.adapter import Adapter

ENGINES = {
    "kupur": "embedded:EmbeddedAdapter",
    "tantivy": "tantivy_turkish:TantivyAdapter",
    "tantivy-count": "tantivy_turkish:CountingTantivyAdapter",
    "bm25s": "bm25s_turkish:Bm25sAdapter",
    "fts5": "sqlite_fts5:Fts5Adapter",
    "whoosh": "stock_whoosh:WhooshAdapter",
    "postgresql": "postgresql_turkish:PostgresqlAdapter",
}
"""Where each engine's adapter is. The two of tantivy share an index: see `built_as`."""


def built_as(engine: str) -> str:
    """Return whose index an engine searches."""
    return engine.removesuffix("-count")


def load(engine: str) -> Adapter:
    """Return a new adapter. Raises `ImportError` or `Unavailable` where something is missing."""
    module, name = ENGINES[engine].split(":")
    maker: Callable[[], Adapter] = getattr(import_module(f"benchmarks.engines.{module}"), name)
    return maker()
