"""The web room: how results become pages and payloads. It knows neither Whoosh nor SQLite."""
