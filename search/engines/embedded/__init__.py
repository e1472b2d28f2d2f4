"""The embedded engine: searches a generation of the array index with numpy; no server needed."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
