"""Every ending that inflection can make, as it is spelled: the grammar compiled to a table.

    "lerimizin" may stand after a stem with e or i, as lAr + (I)mIz + (n)In, at a cost of 17 bits

So stemming is a look-up for each place where a word may be cut, and no search. Called once, when
a stemmer is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.analysis.stemming.grammar import GRAMMAR, Arc, State
from index.analysis.stemming.phonology import (
    BITS,
    FREE_CONTEXTS,
    Context,
    End,
    attach,
    contexts_like,
)

Ending = tuple[int, int]
"""The contexts it may follow, as a mask (nominal stems, then verbal ones), and its cost in bits."""

Endings = Mapping[str, tuple[Ending, ...]]

_Shapes = Mapping[str, int]


def compile_endings(grammar: Mapping[State, Iterable[Arc]] = GRAMMAR) -> Endings:
    """Return all endings, by their spelling; "" is one of them."""
    endings: dict[str, tuple[Ending, ...]] = {}
    shared: dict[tuple[Ending, ...], tuple[Ending, ...]] = {}
    known: dict[tuple[State, Context], _Shapes] = {}
    for start, shift in ((State.NOUN, 0), (State.VERB, BITS)):
        for context in FREE_CONTEXTS:
            likes: dict[str, int] = {}
            for shape, cost in _shapes(grammar, start, context, known).items():
                mask = likes.get(shape[:4])
                if mask is None:
                    mask = likes[shape[:4]] = contexts_like(context, shape) << shift
                options = _with(endings.get(shape, ()), mask, cost)
                endings[shape] = shared.setdefault(options, options)
            # No suffix leads back here, and what nobody asks for again is most of the memory.
            del known[start, context]
    return endings


def _with(options: tuple[Ending, ...], mask: int, cost: int) -> tuple[Ending, ...]:
    """Return the options and one more, the cheapest first, with one mask for each cost."""
    by_cost = {known_cost: known_mask for known_mask, known_cost in options}
    by_cost[cost] = by_cost.get(cost, 0) | mask
    return tuple((by_cost[each], each) for each in sorted(by_cost))


def _shapes(
    grammar: Mapping[State, Iterable[Arc]],
    state: State,
    context: Context,
    known: dict[tuple[State, Context], _Shapes],
) -> _Shapes:
    """Return every spelling from a state to the end, with the cost of its cheapest reading."""
    found = known.get((state, context))
    if found is not None:
        return found
    shapes: dict[str, int] = {}
    if state is State.END:
        if context.end is not End.BEFORE_VOWEL:
            shapes[""] = 0
    else:
        for arc in grammar[state]:
            for head, after in attach(context, arc.suffix):
                for tail, rest in _shapes(grammar, arc.to, after, known).items():
                    shape, cost = head + tail, arc.cost + rest
                    if cost < shapes.get(shape, cost + 1):
                        shapes[shape] = cost
    known[state, context] = shapes
    return shapes
