"""An evaluation as lines on a terminal, as JSON and as a table of single queries. Pure.

Of `kupur evaluate` alone: what serves people measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from search.evaluate import MEASURES, Comparison, Evaluation, compare
from search.trec import Topic
from web.terminal import FAINT_STYLE
from web.terminal_tables import aligned


@dataclass(frozen=True, slots=True)
class MeasuredVariant:
    """The queries of one variant, and what they scored; with `other` weights, too, if asked."""

    name: str
    topics: Sequence[Topic]
    ours: Evaluation
    ms_per_query: float
    other: Evaluation | None = None

    @property
    def judged(self) -> int:
        """How many of the queries have a judgement, and so count."""
        return len(self.ours.by_query[MEASURES[0]])

    def comparison(self, measure: str) -> Comparison | None:
        """Return how the other weights differ; None where there are none."""
        return compare(self.ours, self.other, measure) if self.other else None


def evaluation_lines(variants: Sequence[MeasuredVariant]) -> Iterable[Text]:
    """Yield the table of means, and below it what comparing says, if that was asked."""
    rows = [
        [
            each.name,
            f"{each.judged:,}",
            *(f"{each.ours.mean(measure):.4f}" for measure in MEASURES),
            f"{each.ms_per_query:.1f}",
        ]
        for each in variants
    ]
    if len(variants) > 1:
        means = (_mean(each.ours.mean(measure) for each in variants) for measure in MEASURES)
        rows.append(["mean", "", *(f"{mean:.4f}" for mean in means), ""])
    yield from aligned(["variant", "queries", *MEASURES, "ms/query"], rows, left=1)
    for each in variants:
        if each.judged < len(each.topics):
            left_out = len(each.topics) - each.judged
            yield Text(f"{each.name}: {left_out:,} queries have no judgement", FAINT_STYLE)
    if any(each.other for each in variants):
        yield Text()
        yield from _comparison_lines(variants)


def _comparison_lines(variants: Sequence[MeasuredVariant]) -> Iterable[Text]:
    rows = []
    for each in variants:
        for measure in MEASURES:
            found = each.comparison(measure)
            if found and each.other:
                rows.append(
                    [
                        each.name,
                        measure,
                        f"{each.other.mean(measure):.4f}",
                        f"{found.difference:+.4f}",
                        f"{found.chance:.4f}",
                        *(f"{count:,}" for count in (found.better, found.worse, found.same)),
                    ]
                )
    header = ["variant", "measure", "compared", "difference", "p", "better", "worse", "same"]
    yield from aligned(header, rows, left=2)


def evaluation_payload(variants: Sequence[MeasuredVariant]) -> dict[str, Any]:
    """Return the same for scripts."""
    return {
        "variants": [
            {
                "variant": each.name,
                "queries": len(each.topics),
                "judged": each.judged,
                "ms_per_query": round(each.ms_per_query, 2),
                "measures": {name: round(each.ours.mean(name), 6) for name in MEASURES},
                "compared": _compared(each),
            }
            for each in variants
        ]
    }


def _compared(variant: MeasuredVariant) -> dict[str, Any] | None:
    if variant.other is None:
        return None
    compared = {}
    for measure in MEASURES:
        found = compare(variant.ours, variant.other, measure)
        compared[measure] = {
            "value": round(variant.other.mean(measure), 6),
            "difference": round(found.difference, 6),
            "p": round(found.chance, 4),
            "better": found.better,
            "worse": found.worse,
            "same": found.same,
        }
    return compared


def per_query_lines(variants: Sequence[MeasuredVariant]) -> Iterable[str]:
    """Yield a header and a line for each judged query, its fields between tabs."""
    with_other = any(each.other for each in variants)
    compared = [f"compared {measure}" for measure in MEASURES] if with_other else []
    yield "\t".join(["variant", "query", *MEASURES, *compared, "text"])
    for each in variants:
        for topic in each.topics:
            if topic.id in each.ours.by_query[MEASURES[0]]:
                values = [*_values(each.ours, topic.id)]
                if each.other:
                    values += _values(each.other, topic.id)
                text = " ".join(topic.text.split())
                yield "\t".join([each.name, topic.id, *values, text])


def _values(evaluation: Evaluation, query: str) -> Iterable[str]:
    by_query: Mapping[str, Mapping[str, float]] = evaluation.by_query
    return (f"{by_query[measure][query]:.4f}" for measure in MEASURES)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
