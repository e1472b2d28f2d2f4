"""The engine and its searchers: opens generations, follows the pointer, answers requests."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.codec.section import load_loops as load_section_loops
from index.codec.segment import word_of
from index.errors import DamageError, EngineError
from index.generations import (
    Generation,
    current_generation,
    earlier_generations,
    read_pointer,
)
from index.layers import Layer
from index.manifest import Manifest
from search.engine import (
    AllOf,
    EngineRequest,
    EngineResult,
    Excluding,
    PhraseQuery,
    Term,
    TermQuery,
    TermScore,
    WildcardQuery,
)
from search.engines.embedded.bitmaps import Bitmap, count_of, documents_of, has
from search.engines.embedded.explaining import term_scores
from search.engines.embedded.matching import Matcher
from search.engines.embedded.narrowing import DocumentColumns, load_column_loops, narrowed
from search.engines.embedded.scoring import Scan, Scorer
from search.engines.embedded.snapshot import Snapshot
from search.engines.embedded.top import date_keys, first_of
from search.engines.embedded.vocabulary import IndexedWords
from search.request import Sort

_RETRY_SECONDS = 5.0
"""After how long a generation that could not be opened is tried again."""

_REREAD_SECONDS = 60.0
"""After how long a generation that was read and found damaged may be read once more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Followed:
    """The searcher in use, what the pointer said when it was opened, and until when that holds."""

    pointer: str | None
    searcher: EmbeddedSearcher
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class _KnownDamage:
    """A generation that is not opened any more, why, and until when."""

    manifest: Manifest
    damage: DamageError
    until: float


class EmbeddedEngine:
    """Opens the newest generation of an index folder and follows it as it changes.

    Where the newest one is damaged or missing, the last good one is served, with a warning in the
    log; the search that found the damage ends with an error. A searcher that was handed out stays
    good while its files are unlinked: they are mapped.
    """

    def __init__(self, index_folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = index_folder
        self._clock = clock
        self._opening = threading.Lock()
        self._followed: _Followed | None = None
        self._damaged: list[_KnownDamage] = []

    def searcher(self) -> EmbeddedSearcher:
        """Return the newest generation. Raises `EngineError` where there is none to serve."""
        followed = self._followed
        if followed is not None and self._is_newest(followed):
            return followed.searcher
        # While one thread opens what is new, the others go on with what there is.
        if not self._opening.acquire(blocking=followed is None):
            assert followed is not None  # noqa: S101  # else it would have waited
            return followed.searcher
        try:
            followed = self._followed
            if followed is None or not self._is_newest(followed):
                followed = self._followed = self._follow(followed)
            return followed.searcher
        finally:
            self._opening.release()

    def _is_newest(self, followed: _Followed) -> bool:
        if self._clock() >= followed.until or followed.searcher.damage:
            return False
        try:
            return read_pointer(self._folder) == followed.pointer
        except EngineError:  # no descriptor left, say: `_follow` tells, and keeps what there is
            return False

    def _follow(self, followed: _Followed | None) -> _Followed:
        before = followed.searcher if followed else None
        if before is not None and before.damage:
            self._remember(before.snapshot.generation, before.damage, math.inf)
            before = None
        pointer: str | None = None
        while True:
            try:
                pointer = read_pointer(self._folder)
                return _Followed(pointer, self._open(current_generation(self._folder), before))
            except EngineError as error:
                if self._moved_on(pointer):
                    continue  # it was swept while we looked: two newer ones were published
                fallback = before or self._last_good(error)
                number = fallback.generation
                _log.warning("%s; generation %s is served meanwhile", error, number)
                return _Followed(pointer, fallback, self._clock() + _RETRY_SECONDS)

    def _moved_on(self, pointer: str | None) -> bool:
        try:
            return pointer is not None and read_pointer(self._folder) != pointer
        except EngineError:
            return False

    def _last_good(self, error: EngineError) -> EmbeddedSearcher:
        for generation in earlier_generations(self._folder):
            with suppress(EngineError):
                self._check_whole(generation)
                return self._open(generation, None)
        raise error

    def _check_whole(self, generation: Generation) -> None:
        """Read all of a generation: it shares files with one of which something is damaged."""
        self._check_known(generation)
        try:
            generation.check_files(generation.manifest.data_files)
        except DamageError as error:
            self._remember(generation, error, _REREAD_SECONDS)
            raise

    def _remember(self, generation: Generation, damage: DamageError, seconds: float) -> None:
        manifest, now = generation.manifest, self._clock()
        self._damaged = [
            each for each in self._damaged if each.manifest != manifest and each.until > now
        ]
        self._damaged.append(_KnownDamage(manifest, damage, now + seconds))

    def _check_known(self, generation: Generation) -> None:
        """Raise what was found when this generation was searched or read before."""
        for known in self._damaged:
            if known.manifest == generation.manifest and self._clock() < known.until:
                raise known.damage

    def _open(
        self, generation: Generation | None, before: EmbeddedSearcher | None
    ) -> EmbeddedSearcher:
        if generation is None:
            raise EngineError(f"{self._folder}: no index yet; run `kupur import` first")
        self._check_known(generation)
        searcher = EmbeddedSearcher(generation, before)
        if before is None:
            searcher.warm_up()
        return searcher


class EmbeddedSearcher:
    """One generation, mapped (the port's `Searcher`)."""

    def __init__(self, generation: Generation, before: EmbeddedSearcher | None = None) -> None:
        earlier = before.snapshot if before else None
        self.snapshot: Snapshot = Snapshot(generation, earlier)
        self._columns = DocumentColumns(self.snapshot)
        self._scorer = Scorer(self.snapshot)

    @property
    def generation(self) -> int:
        """The generation's number."""
        return self.snapshot.generation.manifest.generation

    @property
    def sequence(self) -> int:
        """The archive's sequence number that this generation has reached."""
        return self.snapshot.generation.manifest.sequence

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged since this generation was opened."""
        return self.snapshot.damage

    @property
    def words(self) -> int:
        """How many words its articles have in all."""
        return int(self.snapshot.lengths("text")[documents_of(self.snapshot.live)].sum())

    @property
    def bytes_on_disk(self) -> int:
        """How much the generation's files take; known even when they are swept already."""
        return self.snapshot.generation.manifest.bytes_on_disk

    @cached_property
    def vocabulary(self) -> IndexedWords:
        """The words of this generation."""
        return IndexedWords(self.snapshot, self._scorer)

    def warm_up(self) -> None:
        """Use every compiled loop once: no reader's search shall wait for it, or run out of time.

        After an installation that takes the compiler some seconds, later some milliseconds.
        """
        # Not by counting facets: opening would read columns that nobody has asked for.
        load_section_loops()
        load_column_loops()
        worded = [segment for segment in self.snapshot.segments if len(segment.keys)]
        word = word_of(worded[0].keys[0]) if worded else "kar"
        term = Term(Layer.EXACT, word)
        terms = TermQuery((term,), (term,))
        every_kind = AllOf(
            (
                terms,
                PhraseQuery(((term,), (term,)), (term,), slop=1),
                WildcardQuery(Layer.EXACT, f"{word}?*"),
            )
        )
        self.search(EngineRequest(Excluding(every_kind, TermQuery((term,), ())), limit=1))
        self.search(EngineRequest(terms, limit=1))
        self._scorer.idf(1)

    def search(self, request: EngineRequest) -> EngineResult:
        """Run one search. Raises `EngineError` where the index cannot be read."""
        with self._translated_errors():
            return self._search(request)

    def explain(self, request: EngineRequest, id: str) -> tuple[TermScore, ...] | None:
        """Take the score of one article apart. Raises `EngineError` as `search` does."""
        with self._translated_errors():
            document = self.snapshot.document_of(id)
            if document is None or not self._finds(request, document):
                return None
            return tuple(term_scores(request, document, self._scorer))

    def _finds(self, request: EngineRequest, document: int) -> bool:
        matcher = Matcher(self.snapshot, {}, request.deadline)
        masks = self._columns.masks(request.filters)
        return has(narrowed(matcher.matching(request.query), masks), document)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            folder = self.snapshot.generation.folder
            raise EngineError(f"{folder}: cannot be read ({error})") from error

    def _search(self, request: EngineRequest) -> EngineResult:
        columns = self._columns
        scan = self._scorer.scan(request.query, request.ranking, request.deadline)
        matched = scan.marked.get(id(request.query))
        if matched is None:
            matcher = Matcher(self.snapshot, scan.marked, request.deadline)
            matched = matcher.matching(request.query) & self.snapshot.live
        masks = columns.masks(request.filters)
        selected = narrowed(matched, masks)
        page = self._page(request, scan, selected)
        facets = {}
        for facet in request.facets:
            request.deadline.check()
            facets[facet] = columns.count(facet, narrowed(matched, masks, but=facet))
        return EngineResult(
            ids=tuple([self.snapshot.article_id(document) for document, _ in page]),
            scores=tuple([score for _, score in page]),
            total=count_of(selected),
            facets=facets,
            histogram=columns.histogram(selected, request.histogram) if request.histogram else None,
        )

    def _page(
        self, request: EngineRequest, scan: Scan, selected: Bitmap
    ) -> list[tuple[int, float]]:
        """Return the wanted documents in order, with their scores."""
        if request.limit <= 0:
            return []
        wanted = request.offset + request.limit
        if request.sort is Sort.RELEVANCE:
            documents = self._scorer.hopefuls(scan, selected, wanted)
            scores = self._scorer.scores(scan, documents, request.deadline)
            first = first_of(documents, scores, wanted, self.snapshot)[request.offset :]
            return list(zip(documents[first].tolist(), scores[first].tolist(), strict=True))
        documents = documents_of(selected)
        keys = date_keys(request.sort, self._columns.published[documents])
        first = first_of(documents, keys, wanted, self.snapshot)[request.offset :]
        documents = documents[first]
        # In ascending order, as every list of documents here.
        order = np.argsort(documents)
        scores = np.empty(len(documents))
        scores[order] = self._scorer.scores(scan, documents[order], request.deadline)
        return list(zip(documents.tolist(), scores.tolist(), strict=True))
