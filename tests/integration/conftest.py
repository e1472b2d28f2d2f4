"""An archive made the way a user makes one: a JSON Lines file, imported by the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kupur

RECORDS: list[dict[str, Any]] = [
    {
        "id": "konsey-1",
        "title": "Güvenlik Konseyi toplandı",
        "body": "Güvenlik Konseyi’nin toplantısı New York’ta uzun sürdü.\n\n"
        "## Oylama\n\nKarar oy birliğiyle alındı & <b>açıklandı</b>.",
        "published": "2019-03-01T09:12:00+03:00",
        "section": "Dünya",
        "source": "Kuzyaka Postası",
        "authors": ["Ayşe Öz"],
        "tags": ["BM"],
        "source_url": "https://example.com/konsey",
    },
    {
        "id": "script-1",
        "title": "Sitelerde <script>alert(1)</script> uyarısı",
        "body": "Uzmanlar <script>alert(1)</script> yazan iletilere karşı uyardı.",
        "published": "2021-05-06",
        "section": "Bilim",
        "source": "Kuzyaka Postası",
    },
    *(
        {
            "id": f"pazar-{day:02}",
            "title": f"Pazar yeri haberleri {day}",
            "body": f"Kuzyaka pazarı {day} Ocak günü yeniden kuruldu. Esnaf ışık istedi.",
            "published": f"2020-01-{day:02}",
            "section": "Yerel" if day % 2 else "Ekonomi",
            "source": "Kuzyaka Postası" if day % 3 else "Ova Ajansı",
        }
        for day in range(1, 26)
    ),
    {"id": "tarihsiz", "title": "Tarihi bilinmeyen pazar", "body": "Pazar bir yerde kuruldu."},
]


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive of `RECORDS`; tests only read it."""
    folder = tmp_path_factory.mktemp("news")
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS)
    (folder / "haberler.jsonl").write_text(lines + "\n", "utf-8")
    archive = folder / "archive"
    assert kupur.run(["import", "--archive", str(archive), str(folder / "haberler.jsonl")]) == 0
    return archive
