"""Whatever is asked first after an installation, nobody waits for the compiler or runs out of time.

In a process of its own, since one that has run other tests has compiled everything already.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from numba.core.dispatcher import Dispatcher
import kupur
from search.request import FacetField, Interval, Match, Operator, SearchRequest, Sort

def compiled():
    return {
        (name, loop.__name__): len(loop.signatures)
        for name, module in list(sys.modules.items())
        if name.startswith(("index.", "search."))
        for loop in vars(module).values()
        if isinstance(loop, Dispatcher)
    }

service = kupur.open_service(Path(sys.argv[1]))
service.search(SearchRequest(per_page=1))
before = compiled()
for request in (
    SearchRequest(q="köprü açıldı"),
    SearchRequest(q="köprü açıldı", operator=Operator.AND, page=2),
    SearchRequest(q='"yeni köprü"~3 kapr* köp?ü bel*ye köpru~ -spor'),
    SearchRequest(q="İstanbul'da", match=Match.EXACT, sort=Sort.OLDEST),
    SearchRequest(q="istanbul", facets=tuple(FacetField), histogram=Interval.AUTO),
    SearchRequest(q="istanbul", date_from=date(2020, 1, 1), sections=("spor",)),
    SearchRequest(sort=Sort.NEWEST),
    SearchRequest(q="zzzzzz qqqqqq"),
):
    service.search(request)
hit = service.search(SearchRequest(q="istanbul")).hits[0].article
service.article(hit.id, "istanbul")
service.explain(hit.id, SearchRequest(q="istanbul"))
after = compiled()
print(sorted(key for key in after if after[key] > before.get(key, 0)))
"""


def test_no_search_but_the_first_compiles_anything(checkout: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    for part in sorted((checkout / "data" / "sample").iterdir())[-2:]:
        command = ["import", "--archive", str(archive), str(part)]
        subprocess.run(
            [sys.executable, "-m", "kupur", *command], cwd=checkout, check=True, capture_output=True
        )
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(archive)],
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
