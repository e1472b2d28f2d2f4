"""The order of Turkish inflection: which suffix may follow which, and how usual it is.

A finite-state grammar as data. `NOUN` and `VERB` are where a stem enters. The suffixes are those
of a reference grammar (Göksel and Kerslake, *Turkish: A Comprehensive Grammar*, 2005, chapter 8);
the costs are bits, -log2 of how often an arc is taken from its state.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from typing import NamedTuple


@unique
class State(Enum):
    """What has been said of a word so far; the next suffix depends on nothing else."""

    NOUN = "a nominal stem"
    PLURAL = "… with its number"
    OWNED = "… with its possessor, not a third person"
    OWNED_BY_THIRD = "… with a third person as possessor: cases need an n"
    LOCATED = "… in the locative or genitive, which may take ki"
    KI = "… and ki"
    KI_PLURAL = "… and kiler"
    CASED = "… with its case"
    DEVERBAL = "a noun made of a verb"
    PARTICIPLE = "a participle, or a noun of (y)Iş"
    PARTICIPLE_PLURAL = "a participle with its number"
    DEVERBAL_PLURAL = "such a noun with its number"
    DEVERBAL_OWNED = "such a noun with its possessor"
    DEVERBAL_OWNED_BY_THIRD = "such a noun with a third person as possessor"
    DEVERBAL_CASED = "such a noun with its case"
    COPULA = "a predicate that may take a copula"
    PAST_COPULA = "… with (y)DI or (y)sA"
    OTHER_COPULA = "… with (y)mIş"
    VERB = "a verbal stem"
    INFINITIVE = "… with mAK"
    POLAR = "… with its polarity or ability"
    MOOD = "… that takes a tense next"
    PAST = "… with DI or sA"
    TENSE = "… with another tense"
    END = "nothing may follow"


class Arc(NamedTuple):
    """A suffix ("" for none), the state it leads to, and its cost in bits."""

    suffix: str
    to: State
    cost: int


_S = State

GRAMMAR: Mapping[State, tuple[Arc, ...]] = {
    _S.NOUN: (
        Arc("", _S.PLURAL, 0),
        Arc("lAr", _S.PLURAL, 3),
        Arc("ki", _S.KI, 10),
    ),
    _S.PLURAL: (
        Arc("", _S.OWNED, 0),
        Arc("(I)m", _S.OWNED, 7),
        Arc("(I)n", _S.OWNED, 8),
        Arc("(I)mIz", _S.OWNED, 7),
        Arc("(I)nIz", _S.OWNED, 9),
        Arc("(s)I", _S.OWNED_BY_THIRD, 2),
    ),
    _S.OWNED: (
        Arc("", _S.COPULA, 0),
        Arc("(y)I", _S.END, 7),
        Arc("(y)A", _S.CASED, 3),
        Arc("DA", _S.LOCATED, 4),
        Arc("DAn", _S.CASED, 6),
        Arc("(n)In", _S.LOCATED, 4),
        Arc("(y)lA", _S.CASED, 6),
        Arc("CA", _S.CASED, 9),
    ),
    _S.OWNED_BY_THIRD: (
        Arc("", _S.COPULA, 1),
        Arc("nI", _S.END, 4),
        Arc("nA", _S.CASED, 3),
        Arc("nDA", _S.LOCATED, 3),
        Arc("nDAn", _S.CASED, 4),
        Arc("nIn", _S.LOCATED, 4),
        Arc("(y)lA", _S.CASED, 5),
        Arc("ncA", _S.CASED, 9),
    ),
    _S.LOCATED: (
        Arc("", _S.CASED, 0),
        Arc("ki", _S.KI, 4),
    ),
    _S.KI: (
        Arc("", _S.END, 0),
        Arc("lAr", _S.KI_PLURAL, 6),
        Arc("nI", _S.END, 10),
        Arc("nA", _S.END, 10),
        Arc("nDA", _S.END, 12),
        Arc("nDAn", _S.END, 9),
        Arc("nIn", _S.END, 10),
        Arc("(y)lA", _S.END, 12),
        Arc("DIr", _S.END, 12),
    ),
    _S.KI_PLURAL: (
        Arc("", _S.END, 1),
        Arc("I", _S.END, 3),
        Arc("A", _S.END, 3),
        Arc("DA", _S.END, 5),
        Arc("DAn", _S.END, 4),
        Arc("In", _S.END, 2),
        Arc("lA", _S.END, 5),
    ),
    _S.CASED: (
        Arc("", _S.END, 0),
        Arc("DIr", _S.END, 10),
        Arc("DIrlAr", _S.END, 12),
        Arc("(y)DI", _S.PAST_COPULA, 10),
        Arc("(y)mIş", _S.END, 12),
        Arc("(y)sA", _S.END, 12),
        Arc("(y)ken", _S.END, 11),
        Arc("lAr", _S.END, 12),
        Arc("(y)Im", _S.END, 11),
        Arc("sIn", _S.END, 12),
        Arc("(y)Iz", _S.END, 10),
        Arc("sInIz", _S.END, 12),
    ),
    _S.COPULA: (
        Arc("", _S.END, 0),
        Arc("DIr", _S.END, 7),
        Arc("DIrlAr", _S.END, 12),
        Arc("(y)Im", _S.END, 12),
        Arc("sIn", _S.END, 12),
        Arc("(y)Iz", _S.END, 10),
        Arc("sInIz", _S.END, 12),
        Arc("(y)DI", _S.PAST_COPULA, 9),
        Arc("(y)mIş", _S.OTHER_COPULA, 12),
        Arc("(y)sA", _S.PAST_COPULA, 10),
        Arc("(y)ken", _S.END, 12),
    ),
    _S.PAST_COPULA: (
        Arc("", _S.END, 0),
        Arc("m", _S.END, 4),
        Arc("n", _S.END, 5),
        Arc("k", _S.END, 4),
        Arc("nIz", _S.END, 4),
        Arc("lAr", _S.END, 9),
    ),
    _S.OTHER_COPULA: (
        Arc("", _S.END, 0),
        Arc("(y)Im", _S.END, 6),
        Arc("sIn", _S.END, 7),
        Arc("(y)Iz", _S.END, 6),
        Arc("sInIz", _S.END, 8),
        Arc("lAr", _S.END, 10),
        Arc("DIr", _S.END, 9),
        Arc("sA", _S.END, 12),
    ),
    _S.VERB: (
        Arc("", _S.POLAR, 0),
        Arc("mA", _S.POLAR, 5),
        Arc("(y)Abil", _S.POLAR, 6),
        Arc("(y)AmA", _S.POLAR, 7),
        Arc("(y)Iş", _S.PARTICIPLE, 6),
        Arc("(y)IcI", _S.PARTICIPLE, 7),
        Arc("(y)Iver", _S.MOOD, 12),
        Arc("mAyAbil", _S.POLAR, 12),
        Arc("mIyor", _S.TENSE, 8),
        Arc("(y)AmIyor", _S.TENSE, 9),
        Arc("mAz", _S.TENSE, 8),
        Arc("mAm", _S.END, 12),
        Arc("mAyIz", _S.END, 12),
        Arc("(y)AmAz", _S.TENSE, 9),
        Arc("(y)AmAm", _S.END, 12),
        Arc("(y)AmAyIz", _S.END, 12),
        Arc("mAdAn", _S.END, 8),
        Arc("(y)AmAdAn", _S.END, 10),
    ),
    _S.INFINITIVE: (
        Arc("", _S.END, 0),
        Arc("tAn", _S.CASED, 4),
        Arc("lA", _S.CASED, 5),
        Arc("tIr", _S.END, 5),
        Arc("sA", _S.END, 11),
        Arc("tI", _S.END, 8),
        Arc("mIş", _S.END, 12),
    ),
    _S.POLAR: (
        Arc("", _S.MOOD, 1),
        Arc("mA", _S.DEVERBAL, 3),
        Arc("DIK", _S.DEVERBAL, 3),
        Arc("(y)AcAK", _S.DEVERBAL, 6),
        Arc("(y)An", _S.PARTICIPLE, 3),
    ),
    _S.MOOD: (
        Arc("", _S.END, 2),
        Arc("DI", _S.PAST, 2),
        Arc("sA", _S.PAST, 7),
        Arc("mIş", _S.TENSE, 4),
        Arc("(I)yor", _S.TENSE, 3),
        Arc("(y)AcAK", _S.TENSE, 4),
        Arc("(A)r", _S.TENSE, 6),
        Arc("(I)r", _S.TENSE, 4),
        Arc("mAlI", _S.TENSE, 7),
        Arc("mAktA", _S.TENSE, 6),
        Arc("(y)A", _S.END, 4),
        Arc("(y)AyIm", _S.END, 10),
        Arc("(y)AsIn", _S.END, 12),
        Arc("(y)AlIm", _S.END, 8),
        Arc("(y)In", _S.END, 6),
        Arc("(y)InIz", _S.END, 11),
        Arc("sIn", _S.END, 6),
        Arc("sInlAr", _S.END, 9),
        Arc("mAk", _S.INFINITIVE, 4),
        Arc("mAksIzIn", _S.END, 11),
        Arc("(y)Ip", _S.END, 6),
        Arc("(y)ArAk", _S.END, 3),
        Arc("(y)IncA", _S.END, 7),
        Arc("(y)IncAyA", _S.END, 11),
        Arc("sAnIzA", _S.END, 12),
        Arc("(y)AlI", _S.END, 9),
    ),
    _S.PARTICIPLE: (
        Arc("", _S.PARTICIPLE_PLURAL, 0),
        Arc("lAr", _S.PARTICIPLE_PLURAL, 3),
    ),
    _S.PARTICIPLE_PLURAL: (
        Arc("", _S.DEVERBAL_OWNED, 0),
        Arc("(I)m", _S.DEVERBAL_OWNED, 9),
        Arc("(I)n", _S.DEVERBAL_OWNED, 11),
        Arc("(I)mIz", _S.DEVERBAL_OWNED, 9),
        Arc("(I)nIz", _S.DEVERBAL_OWNED, 10),
        Arc("(s)I", _S.DEVERBAL_OWNED_BY_THIRD, 5),
    ),
    _S.DEVERBAL: (
        Arc("", _S.DEVERBAL_PLURAL, 0),
        Arc("lAr", _S.DEVERBAL_PLURAL, 3),
    ),
    _S.DEVERBAL_PLURAL: (
        Arc("", _S.DEVERBAL_OWNED, 1),
        Arc("(I)m", _S.DEVERBAL_OWNED, 7),
        Arc("(I)n", _S.DEVERBAL_OWNED, 11),
        Arc("(I)mIz", _S.DEVERBAL_OWNED, 6),
        Arc("(I)nIz", _S.DEVERBAL_OWNED, 7),
        Arc("(s)I", _S.DEVERBAL_OWNED_BY_THIRD, 1),
    ),
    _S.DEVERBAL_OWNED: (
        Arc("DAki", _S.END, 11),
        Arc("CAsInA", _S.END, 12),
        Arc("", _S.DEVERBAL_CASED, 0),
        Arc("(y)I", _S.END, 5),
        Arc("(y)A", _S.END, 4),
        Arc("DA", _S.DEVERBAL_CASED, 6),
        Arc("DAn", _S.DEVERBAL_CASED, 6),
        Arc("(n)In", _S.END, 5),
        Arc("(y)lA", _S.END, 7),
        Arc("CA", _S.END, 7),
    ),
    _S.DEVERBAL_OWNED_BY_THIRD: (
        Arc("", _S.DEVERBAL_CASED, 1),
        Arc("nI", _S.END, 2),
        Arc("nA", _S.END, 4),
        Arc("nDA", _S.DEVERBAL_CASED, 5),
        Arc("nDAki", _S.END, 10),
        Arc("nDAkilAr", _S.END, 12),
        Arc("nDAn", _S.DEVERBAL_CASED, 6),
        Arc("nIn", _S.END, 5),
        Arc("(y)lA", _S.END, 6),
        Arc("ncA", _S.END, 10),
    ),
    _S.DEVERBAL_CASED: (
        Arc("", _S.END, 0),
        Arc("DIr", _S.END, 9),
        Arc("(y)DI", _S.END, 11),
        Arc("(y)sA", _S.END, 12),
    ),
    _S.PAST: (
        Arc("", _S.END, 0),
        Arc("m", _S.END, 5),
        Arc("n", _S.END, 8),
        Arc("k", _S.END, 9),
        Arc("nIz", _S.END, 7),
        Arc("lAr", _S.END, 5),
        Arc("ydI", _S.PAST_COPULA, 8),
        Arc("lArDI", _S.END, 10),
        Arc("ymIş", _S.END, 12),
        Arc("ysA", _S.PAST_COPULA, 9),
    ),
    _S.TENSE: (
        Arc("", _S.END, 1),
        Arc("(y)Im", _S.END, 4),
        Arc("sIn", _S.END, 7),
        Arc("(y)Iz", _S.END, 3),
        Arc("sInIz", _S.END, 6),
        Arc("lAr", _S.END, 5),
        Arc("DIr", _S.END, 4),
        Arc("lArDIr", _S.END, 9),
        Arc("DIrlAr", _S.END, 9),
        Arc("(y)DI", _S.PAST_COPULA, 4),
        Arc("lArDI", _S.END, 8),
        Arc("lArmIş", _S.END, 12),
        Arc("lArsA", _S.END, 9),
        Arc("lArken", _S.END, 12),
        Arc("(y)mIş", _S.OTHER_COPULA, 9),
        Arc("(y)sA", _S.PAST_COPULA, 5),
        Arc("(y)ken", _S.END, 4),
        Arc("CAsInA", _S.END, 12),
    ),
}
