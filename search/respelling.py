"""What a query repairer answers, and how a query reads in the spellings it was searched in.

The values between `search.repair` (which knows better spellings), `search.planning` (which
searches them) and the service (which tells the reader). Nothing here looks a word up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from search.engine import Vocabulary
from search.query import Clause, Phrase, Query, Word
from search.results import Repair, RepairKind


@dataclass(frozen=True, slots=True)
class Respelling:
    """Another spelling of one word: searched as well, or `instead` of the word as typed.

    `repair.used` may be several words (a mended "split"): then all of them must be there.
    """

    repair: Repair
    instead: bool = False


@dataclass(frozen=True, slots=True)
class RepairedQuery:
    """What a repairer found: respellings by the word as typed, and a question for the reader."""

    respellings: Mapping[str, tuple[Respelling, ...]] = field(default_factory=dict)
    did_you_mean: str | None = None

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """Every repair, in the order of the words; one that two words share is told once."""
        every = (each.repair for spellings in self.respellings.values() for each in spellings)
        return tuple(dict.fromkeys(every))


class QueryRepair(Protocol):
    """Who knows better spellings.

    Phrases are taken at their letter: only what is searched as well counts for them, nothing
    replaces their words.
    """

    def repair(self, query: Query, vocabulary: Vocabulary) -> RepairedQuery:
        """Return better spellings of the query's words (`Word.text`, `Phrase.words`), if any."""


NO_RESPELLINGS: Mapping[str, tuple[Respelling, ...]] = {}


def respelled(query: Query, respellings: Mapping[str, tuple[Respelling, ...]]) -> Query:
    """Return the query as it ran: each mended word in the spelling it was searched in."""
    if not respellings:
        return query

    def spelled(word: str, *, in_phrase: bool) -> str:
        for each in respellings.get(word, ()):
            # Two words that were searched as one as well stay two.
            if each.repair.kind is not RepairKind.JOINED and not (in_phrase and each.instead):
                return each.repair.used
        return word

    def spelled_clause(clause: Clause) -> Iterable[Clause]:
        if isinstance(clause, Word):
            return [Word(word) for word in spelled(clause.text, in_phrase=False).split()]
        if isinstance(clause, Phrase):
            spellings = (spelled(word, in_phrase=True) for word in clause.words)
            return [Phrase(tuple(spellings), clause.slop)]
        return [clause]

    wanted = tuple(word for clause in query.wanted for word in spelled_clause(clause))
    return Query(wanted, query.excluded)
