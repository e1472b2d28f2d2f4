"""PostgreSQL's full text search with its `turkish` configuration: GIN index, ranked by ts_rank.

A server of its own is made in the benchmark's folder and listens on a socket there alone. The
server refuses to run as root, so then it runs as the system's user `postgres`.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import TOP, Answer, Kind, Lookup, Unavailable

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "synchronous_commit": "off",
}


class PostgresqlAdapter:
    """One table with a tsvector column."""

    version = psycopg.__version__
    layers = 1

    def __init__(self) -> None:
        self._programs = _programs()
        self._server: subprocess.Popen[bytes] | None = None
        self._sockets = Path(tempfile.mkdtemp(prefix="kupur-pg-"))

    def build(self, records: RecordFile, folder: Path) -> float:
        """Copy the texts into a new table and index them; making the server is not in the time."""
        cluster = folder / "cluster"
        cluster.mkdir()
        _give_to_server(cluster)
        self._run("initdb", "-D", str(cluster), "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        self._start(cluster)
        parsed = [(record.id, record.text, record.day.year) for record in records.records()]
        began = time.perf_counter()
        cursor = self._connection.cursor()
        cursor.execute("CREATE TABLE documents (id text, year int, terms tsvector)")
        cursor.execute("CREATE TEMP TABLE texts (id text, text text, year int)")
        with cursor.copy("COPY texts FROM STDIN") as copy:
            for row in parsed:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO documents SELECT id, year, to_tsvector('turkish', text) FROM texts"
        )
        cursor.execute("CREATE INDEX ON documents USING gin (terms)")
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE texts")
        cursor.execute("VACUUM ANALYZE documents")
        self.close()
        return seconds

    def open(self, folder: Path) -> None:
        """Start the server and connect."""
        self._start(folder / "cluster")

    def search(self, lookup: Lookup) -> Answer:
        """Rank by ts_rank, which normalises by length as far as PostgreSQL can."""
        maker, text = _question(lookup)
        narrowing, years = "", lookup.years or ()
        if years:
            narrowing = " AND year BETWEEN %s AND %s"
        matching = f"FROM documents, {maker}('turkish', %s) wanted WHERE terms @@ wanted{narrowing}"
        cursor = self._connection.cursor()
        ranked = cursor.execute(
            f"SELECT id {matching} ORDER BY ts_rank(terms, wanted, 1) DESC LIMIT {TOP}",
            (text, *years),
        ).fetchall()
        counted = 0
        if lookup.kind is Kind.FACETS:
            cursor.execute(f"SELECT year, count(*) {matching} GROUP BY 1", (text,))
            counted = len(cursor.fetchall())
        return Answer([row[0] for row in ranked], years=counted)

    def processes(self) -> Sequence[int]:
        """Return the server and its children."""
        if self._server is None:
            return []
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text()
        return [self._server.pid, *map(int, children.split())]

    def close(self) -> None:
        """Stop the server."""
        if self._server is None:
            return
        self._connection.close()
        self._server.terminate()
        self._server.wait()
        self._server = None

    def _start(self, cluster: Path) -> None:
        _give_to_server(self._sockets)
        options = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        self._server = subprocess.Popen(  # noqa: S603  # found by us
            [
                str(self._programs / "postgres"),
                "-D",
                str(cluster),
                "-k",
                str(self._sockets),
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=cluster,
            user=_account(),
            group=_account(),
        )
        for _ in range(100):
            try:
                self._connection = psycopg.connect(
                    host=str(self._sockets), user=_user(), dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise Unavailable("the PostgreSQL server did not come up")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603  # as above
            [str(self._programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            user=_account(),
            group=_account(),
        )


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    # Debian keeps the server's programs out of the path.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        raise Unavailable("PostgreSQL's server is not installed (Debian: postgresql)")
    return installed[-1].parent


def _user() -> str:
    return _account() or getpass.getuser()


def _account() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _question(lookup: Lookup) -> tuple[str, str]:
    if lookup.kind is Kind.PHRASE:
        return "phraseto_tsquery", " ".join(lookup.words)
    if lookup.kind is Kind.PREFIX:
        return "to_tsquery", f"{lookup.words[0]}:*"
    return "to_tsquery", " | ".join(lookup.words)
