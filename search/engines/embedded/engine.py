"""The engine and its searchers: opens generations, follows the pointer, answers requests."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path

from index.errors import EngineError
from index.generations import POINTER, Generation, current_generation
from search.engine import EngineRequest, EngineResult
from search.engines.embedded.matching import matching
from search.engines.embedded.narrowing import DocumentColumns
from search.engines.embedded.scoring import Scorer
from search.engines.embedded.snapshot import Snapshot
from search.engines.embedded.top import page_of, sort_keys
from search.engines.embedded.vocabulary import IndexedWords


class EmbeddedEngine:
    """Opens the newest generation of an index folder and follows it as it changes."""

    def __init__(self, index_folder: Path) -> None:
        self._folder = index_folder
        self._lock = threading.Lock()
        self._searcher: EmbeddedSearcher | None = None
        self._stamp: tuple[int, int] | None = None

    def searcher(self) -> EmbeddedSearcher:
        """Return the newest generation. Raises `EngineError` where nothing was indexed yet."""
        with self._lock:
            stamp = self._pointer_stamp()
            if self._searcher is None or stamp != self._stamp:
                generation = current_generation(self._folder)
                if generation is None:
                    raise EngineError(f"{self._folder}: no index yet; run `kupur import` first")
                self._searcher = EmbeddedSearcher(generation)
                self._stamp = stamp
            return self._searcher

    def _pointer_stamp(self) -> tuple[int, int] | None:
        try:
            status = (self._folder / POINTER).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns


class EmbeddedSearcher:
    """One generation, mapped (the port's `Searcher`)."""

    def __init__(self, generation: Generation) -> None:
        self._snapshot = Snapshot(generation)
        self._columns = DocumentColumns(self._snapshot)
        self._scorer = Scorer(self._snapshot)

    @property
    def generation(self) -> int:
        """The generation's number."""
        return self._snapshot.generation.manifest.generation

    @property
    def sequence(self) -> int:
        """The archive's sequence number that this generation has reached."""
        return self._snapshot.generation.manifest.sequence

    @property
    def words(self) -> int:
        """How many words its articles have in all."""
        return int(self._snapshot.lengths("text")[self._snapshot.live].sum())

    @cached_property
    def bytes_on_disk(self) -> int:
        """How much the generation's files take."""
        folder = self._snapshot.generation.folder
        try:
            return sum(path.stat().st_size for path in folder.iterdir())
        except OSError as error:
            raise EngineError(f"{folder}: cannot be read ({error})") from error

    @cached_property
    def vocabulary(self) -> IndexedWords:
        """The words of this generation."""
        return IndexedWords(self._snapshot, self._scorer)

    def search(self, request: EngineRequest) -> EngineResult:
        """Run one search. Raises `EngineError` where the index cannot be read."""
        try:
            return self._search(request)
        except OSError as error:
            folder = self._snapshot.generation.folder
            raise EngineError(f"{folder}: cannot be read ({error})") from error

    def _search(self, request: EngineRequest) -> EngineResult:
        snapshot, columns = self._snapshot, self._columns
        matched = matching(request.query, self._scorer, snapshot) & snapshot.live
        passing = columns.passing(request.filters)
        selected = matched if passing is None else matched & passing
        scores = self._scorer.scores(request.query, request.ranking)
        keys = sort_keys(request.sort, scores, columns.published)
        page = page_of(selected, keys, request.offset, request.limit, snapshot)
        facets = {}
        for facet in request.facets:
            others = columns.passing(request.filters, but=facet)
            facets[facet] = columns.count(facet, matched if others is None else matched & others)
        return EngineResult(
            ids=tuple(snapshot.article_id(document) for document in page.documents),
            scores=tuple(float(scores[document]) for document in page.documents),
            total=page.total,
            facets=facets,
        )
