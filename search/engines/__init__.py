"""The adapters behind the port `search.engine`; README.md states their rule."""
