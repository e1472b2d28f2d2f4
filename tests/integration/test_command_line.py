"""The command line, from arguments to output and exit status; real processes where it matters."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pty
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
import pytest

import kupur
from index.errors import ArchiveError
from web.api_request import HIGHLIGHT
from web.app import create_app
from web.parameters import API_PARAMETERS

CHECKOUT = Path(__file__).parent.parent.parent
DOCS = (CHECKOUT / "docs" / "command-line.md").read_text("utf-8")

Out = pytest.CaptureFixture[str]


def started(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """Start kupur in a process of its own."""
    command = [sys.executable, str(CHECKOUT / "kupur.py"), *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, **{**pipes, **options})


def line(number: int) -> str:
    return json.dumps({"id": f"a-{number}", "title": f"Haber {number}", "body": "Kar yağdı."})


def written(folder: Path, *lines: str) -> Path:
    path = folder / "haberler.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a new archive will be, which KUPUR_ARCHIVE names."""
    folder = tmp_path / "archive"
    monkeypatch.setenv("KUPUR_ARCHIVE", str(folder))
    return folder


# import


def test_an_import_reports_and_makes_searchable(tmp_path: Path, archive: Path, capsys: Out) -> None:
    source = written(tmp_path, line(1), line(2), "no json", line(3))
    assert kupur.run(["import", str(source)]) == 0
    report = dict(row.split(maxsplit=1) for row in capsys.readouterr().out.splitlines())
    assert (report["read"], report["added"], report["searchable"]) == ("4", "3", "3")
    assert report["rejected"].startswith("1 ")
    (rejects,) = (archive / "rejects").iterdir()
    assert str(rejects) in report["rejected"]
    assert f"{source}\t3\t" in rejects.read_text("utf-8")
    assert kupur.run(["search", "kar"]) == 0
    assert "3 articles" in capsys.readouterr().out


def test_importing_again_changes_nothing(tmp_path: Path, archive: Path, capsys: Out) -> None:
    source = written(tmp_path, line(1), line(2))
    kupur.run(["import", str(source)])
    capsys.readouterr()
    assert kupur.run(["import", "--json", str(source)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["changed"], report["unchanged"]) == (0, 0, 2)
    assert report["generation"] == 1
    assert archive.is_dir()


def test_a_changed_article_is_found_by_its_new_words(
    tmp_path: Path, archive: Path, capsys: Out
) -> None:
    kupur.run(["import", str(written(tmp_path, line(1)))])
    kupur.run(["import", str(written(tmp_path, line(1).replace("Kar", "Dolu")))])
    capsys.readouterr()
    totals = []
    for word in ("dolu", "kar"):
        kupur.run(["search", "--json", word])
        totals.append(json.loads(capsys.readouterr().out)["total"]["value"])
    assert totals == [1, 0]
    assert archive.is_dir()


@pytest.mark.usefixtures("archive")
def test_an_import_takes_standard_input() -> None:
    with started("import", "-", "--json", stdin=subprocess.PIPE) as process:
        out, _ = process.communicate(line(1) + "\n" + line(2) + "\n")
    assert process.returncode == 0
    assert json.loads(out)["added"] == 2


@pytest.mark.usefixtures("archive")
def test_the_json_report_has_every_figure(tmp_path: Path, capsys: Out) -> None:
    kupur.run(["import", "--json", str(written(tmp_path, line(1), "no json"))])
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "read", "added", "changed", "unchanged", "removed", "forgotten", "rejected", "skipped",
        "seconds", "articles_per_second", "reject_file", "articles", "generation",
    ]  # fmt: skip
    assert report["seconds"] > 0
    assert report["articles_per_second"] > 0
    assert Path(report["reject_file"]).is_file()
    for name in report:
        assert f"`{name}`" in DOCS


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("lines", "options", "status"),
    [
        ([line(1), "no json"], [], 0),
        ([line(1), "no json"], ["--strict"], 1),
        ([line(1)], ["--strict"], 0),
        (["no json", "nor this"], [], 1),
    ],
)
def test_rejects_decide_the_exit_status(
    tmp_path: Path, lines: list[str], options: list[str], status: int
) -> None:
    assert kupur.run(["import", *options, str(written(tmp_path, *lines))]) == status


def test_a_source_that_cannot_be_read_is_one_line(
    tmp_path: Path, archive: Path, capsys: Out
) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 10)
    for name in ("missing.jsonl", "empty.jsonl", "picture.png", "binary.txt"):
        assert kupur.run(["import", str(tmp_path / name)]) == 2
        complaint = capsys.readouterr()
        assert complaint.out == ""
        assert re.fullmatch(rf"kupur: .*{name}.*\n", complaint.err)
    assert not (archive / "rejects").exists()


@pytest.mark.usefixtures("archive")
def test_what_was_read_before_a_broken_source_is_found(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "broken.txt").write_bytes(bytes(range(256)) * 10)
    arguments = [str(written(tmp_path, line(1))), str(tmp_path / "broken.txt")]
    assert kupur.run(["import", *arguments]) == 2
    capsys.readouterr()
    kupur.run(["search", "kar"])
    assert "1 article " in capsys.readouterr().out


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_goes_on_where_it_was(
    tmp_path: Path, archive: Path, sent: signal.Signals, capsys: Out
) -> None:
    lines = [line(number) + "\n" for number in range(3000)]
    with started("import", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin
        # Far more than the pipe and the reader's buffers hold, so that batches are committed;
        # then standard input stays open: it is the signal that ends the import.
        feeding = threading.Thread(target=feed, args=(process.stdin, lines * 20))
        feeding.start()
        wait_for(lambda: first_batch_is_kept(archive), process)
        process.send_signal(sent)
        assert process.wait(timeout=60) == 130
        feeding.join()
        with contextlib.suppress(BrokenPipeError):  # lines that nobody took
            process.stdin.close()
        assert process.stderr
        complaint = process.stderr.read().splitlines()[-1]
    assert re.fullmatch(r"kupur: interrupted; .*start the same import again.*", complaint)
    assert kupur.run(["import", "--json", str(written(tmp_path, *map(str.strip, lines)))]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["unchanged"] >= 1000
    assert report["added"] + report["unchanged"] == report["articles"] == 3000


def feed(pipe: IO[str], lines: list[str]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the reader was interrupted
        pipe.writelines(lines)
        pipe.flush()


def first_batch_is_kept(archive: Path) -> bool:
    try:
        with kupur.Application().open_archive(archive, read_only=True) as opened:
            return opened.sequence >= 1000
    except ArchiveError:  # not there yet, or just being made
        return False


def wait_for(condition: Any, process: subprocess.Popen[str], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_terminal_sees_a_bar_with_rate_and_time_left(tmp_path: Path, archive: Path) -> None:
    source = written(tmp_path, *(line(number) for number in range(300)))
    shown = on_a_terminal("import", source)
    for part in ("Reading", "Indexing", "100%", "300 articles", "/s", "left"):
        assert part in shown
    assert archive.is_dir()


def test_a_pipe_sees_no_bar(tmp_path: Path, archive: Path) -> None:
    source = written(tmp_path, line(1))
    with started("import", source) as process:
        out, err = process.communicate()
    assert "\x1b" not in out + err
    assert out.startswith("read        1\n")
    assert archive.is_dir()


# search, show, remove, stats


@pytest.mark.parametrize(
    "query",
    ["pazar", "konsey karari", "pazar -esnaf", '"yeniden kuruldu"', "yok", "", '"', "ﬁ\udcff"],
)
def test_json_is_what_the_endpoint_answers(news: Path, capsys: Out, query: str) -> None:
    assert kupur.run(["search", "--archive", str(news), "--json", "--", query]) == 0
    printed = capsys.readouterr().out
    client = create_app(kupur.open_service(news)).test_client()
    shown = query.replace("\udcff", "\ufffd")  # a byte of an argument that is no UTF-8
    answered = client.get("/api/v1/search", query_string={"q": shown}).get_data(as_text=True)
    without_time = re.compile(r'"took_ms":[0-9.]+')
    assert without_time.sub("", printed) == without_time.sub("", answered)


def test_every_parameter_of_the_endpoint_is_an_option(news: Path, capsys: Out) -> None:
    given = {
        "from": "2020",
        "to": "2020-12",
        "source": ["Ova Ajansı", "Kuzyaka Postası"],
        "section": "Yerel",
        "author": "",
        "match": "exact",
        "op": "and",
        "sort": "oldest",
        "page": "2",
        "per_page": "5",
        "facets": "year,section",
        "histogram": "month",
        "repair": "false",
        "highlight": "offsets",
    }
    assert set(given) | {"q"} == {each.name for each in (*API_PARAMETERS, HIGHLIGHT)}
    options = [
        f"--{name.replace('_', '-')}={value}"
        for name, values in given.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    assert kupur.run(["search", "--archive", str(news), "--json", *options, "kuruldu"]) == 0
    printed = json.loads(capsys.readouterr().out)
    client = create_app(kupur.open_service(news)).test_client()
    answered = client.get("/api/v1/search", query_string={"q": "kuruldu", **given}).get_json()
    assert printed["total"]["value"] == 13
    assert {**printed, "took_ms": 0} == {**answered, "took_ms": 0}


def test_results_are_a_readable_list(news: Path, capsys: Out) -> None:
    assert kupur.run(["search", "--archive", str(news), "güvenlik", "konseyi"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == " 1. Güvenlik Konseyi toplandı"
    assert lines[1].strip() == "2019-03-01 09:12 · Kuzyaka Postası · Dünya · Ayşe Öz · konsey-1"
    assert "Güvenlik Konseyi’nin toplantısı New York’ta uzun sürdü." in lines[2]
    assert re.match(r"1 article in [0-9.]+ ms; shown: 1-1, page 1 of 1\.", lines[-1])


def test_a_terminal_sees_hits_in_bold(news: Path) -> None:
    shown = on_a_terminal("search", "--archive", news, "konsey")
    assert "\x1b[1;33mKonseyi’nin\x1b[0m" in shown


def test_a_pipe_sees_whole_lines_without_colours(news: Path) -> None:
    with started("search", "--archive", news, "konsey", env={**os.environ, "COLUMNS": "20"}) as it:
        out, _ = it.communicate()
    assert "\x1b" not in out
    assert "Güvenlik Konseyi’nin toplantısı New York’ta uzun sürdü." in out


def test_a_search_that_finds_nothing_is_an_answer(news: Path, capsys: Out) -> None:
    assert kupur.run(["search", "--archive", str(news), "zürafa"]) == 0
    assert capsys.readouterr().out.startswith("Nothing found for zürafa")


def test_a_word_is_excluded_after_two_hyphens(news: Path, capsys: Out) -> None:
    assert kupur.run(["search", "--archive", str(news), "--", "pazar", "-bilinmeyen"]) == 0
    assert "25 articles" in capsys.readouterr().out
    assert kupur.run(["search", "--archive", str(news), "pazar", "-bilinmeyen"]) == 2
    assert "a word to exclude stands after --" in capsys.readouterr().err


def test_all_that_is_wrong_with_options_is_one_line(news: Path, capsys: Out) -> None:
    arguments = ["--from", "dün", "--sort", "best", "--per-page", "99"]
    assert kupur.run(["search", "--archive", str(news), *arguments, "kar"]) == 2
    complaint = capsys.readouterr()
    assert complaint.out == ""
    assert complaint.err.count("\n") == 1
    for part in ("'dün' is no date", "'best' is no value of 'sort'", "1 to 50"):
        assert part in complaint.err


def test_markup_of_rich_in_an_article_stays_text(
    tmp_path: Path, archive: Path, capsys: Out
) -> None:
    record = {"id": "m", "title": "[bold]Kar[/bold] [link=x]", "body": "Kar [red]yağdı[/red]."}
    kupur.run(["import", str(written(tmp_path, json.dumps(record)))])
    capsys.readouterr()
    assert kupur.run(["search", "kar"]) == 0
    shown = capsys.readouterr().out
    assert "[bold]Kar[/bold] [link=x]" in shown
    assert "Kar [red]yağdı[/red]." in shown
    assert archive.is_dir()


def test_an_article_is_shown_to_read(news: Path, capsys: Out) -> None:
    assert kupur.run(["show", "--archive", str(news), "konsey-1", "konsey"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Güvenlik Konseyi toplandı",
        "2019-03-01 09:12 · Kuzyaka Postası · Dünya · Ayşe Öz",
        "https://example.com/konsey",
        "",
        "Güvenlik Konseyi’nin toplantısı New York’ta uzun sürdü.",
        "",
        "Oylama",
        "",
        "Karar oy birliğiyle alındı & <b>açıklandı</b>.",
    ]


def test_an_article_as_json_is_what_the_endpoint_answers(news: Path, capsys: Out) -> None:
    assert kupur.run(["show", "--archive", str(news), "--json", "konsey-1"]) == 0
    client = create_app(kupur.open_service(news)).test_client()
    answered = client.get("/api/v1/articles/konsey-1").get_data(as_text=True)
    assert capsys.readouterr().out == answered


def test_an_unknown_id_is_status_1(news: Path, capsys: Out) -> None:
    assert kupur.run(["show", "--archive", str(news), "yok"]) == 1
    assert capsys.readouterr().err.startswith("kupur: there is no article with the id 'yok'")


def test_a_removed_article_is_found_no_more(tmp_path: Path, archive: Path, capsys: Out) -> None:
    source = str(written(tmp_path, line(1), line(2)))
    kupur.run(["import", source])
    assert kupur.run(["remove", "a-1"]) == 0
    assert kupur.run(["import", source]) == 0
    capsys.readouterr()
    assert kupur.run(["show", "a-1"]) == 1
    kupur.run(["search", "--json", "kar"])
    found = json.loads(capsys.readouterr().out)
    assert [hit["id"] for hit in found["results"]] == ["a-2"]
    assert found["total"]["value"] == 1
    assert archive.is_dir()


def test_removing_tells_what_it_did_not_know(tmp_path: Path, archive: Path, capsys: Out) -> None:
    kupur.run(["import", str(written(tmp_path, line(1), line(2)))])
    capsys.readouterr()
    assert kupur.run(["remove", "--json", "yok", "a-1", "a-1"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"removed": ["a-1"], "unknown": ["yok"]}
    assert printed.err == f"kupur: there is no article with the id 'yok' in {archive}\n"


def test_figures_are_shown_to_read_and_as_json(news: Path, capsys: Out) -> None:
    assert kupur.run(["stats", "--archive", str(news)]) == 0
    shown = dict(row.split(maxsplit=1) for row in capsys.readouterr().out.splitlines())
    assert shown["articles"] == "28"
    assert shown["dates"] == "2019-03-01 to 2021-05-06"
    assert kupur.run(["stats", "--archive", str(news), "--json"]) == 0
    client = create_app(kupur.open_service(news)).test_client()
    assert capsys.readouterr().out == client.get("/api/v1/stats").get_data(as_text=True)


# errors, help


@pytest.mark.parametrize("command", ["search kar", "show a", "remove a", "stats", "serve --port 0"])
def test_a_missing_archive_says_how_to_make_one(tmp_path: Path, capsys: Out, command: str) -> None:
    name, *rest = shlex.split(command)
    missing = tmp_path / "none"
    assert kupur.run([name, "--archive", str(missing), *rest]) == 2
    complaint = capsys.readouterr()
    assert complaint.out == ""
    assert re.fullmatch(r"kupur: .*no archive.*kupur import.*\n", complaint.err)
    assert not missing.exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["find"], "find"),
        (["import"], "PATH"),
        (["stats", "--sort", "newest"], "--sort"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--threads", "0"], "threads"),
        (["stats", "--archive", __file__], "--archive"),
    ],
)
def test_wrong_usage_is_one_line_with_the_way_to_help(
    capsys: Out, arguments: list[str], part: str
) -> None:
    assert kupur.run(arguments) == 2
    complaint = capsys.readouterr()
    assert complaint.out == ""
    assert re.fullmatch(r"kupur: .* \(see kupur.* --help\)\n", complaint.err)
    assert part in complaint.err


@pytest.mark.parametrize("name", kupur.COMMANDS)
def test_every_command_has_help_with_an_example(capsys: Out, name: str) -> None:
    assert kupur.run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"kupur {name} " in shown.partition("Example")[2]
    assert "KUPUR_ARCHIVE" in shown


@pytest.mark.parametrize("name", kupur.COMMANDS)
def test_the_list_of_commands_quotes_their_help(name: str) -> None:
    module, summary = kupur.COMMANDS[name]
    command: click.Command = importlib.import_module(f"web.commands.{module}").command
    assert command.name == name
    assert (command.help or "").splitlines()[0] == summary


@pytest.mark.parametrize("name", kupur.COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"\n## kupur {name}\n" in DOCS
    section = DOCS.partition(f"\n## kupur {name}\n")[2].partition("\n## ")[0]
    command = kupur.commands.get_command(click.Context(kupur.commands), name)
    assert command
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--archive":
                assert f"`{option}" in section, option


def test_the_documented_examples_are_valid_usage() -> None:
    examples = re.findall(r"^(?:.*\| )?kupur (\w.*)$", DOCS, re.MULTILINE)
    assert len(examples) >= 8
    for example in examples:
        name, *arguments = shlex.split(example)
        command = kupur.commands.get_command(click.Context(kupur.commands), name)
        assert command
        command.make_context(name, arguments)


def test_without_a_command_the_commands_are_listed(capsys: Out) -> None:
    assert kupur.run([]) == 2
    shown = capsys.readouterr().out
    for name in kupur.COMMANDS:
        assert f"\n  {name} " in shown


def test_the_version_is_told(capsys: Out) -> None:
    assert kupur.run(["--version"]) == 0
    assert re.fullmatch(r"kupur \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_help_loads_neither_site_nor_index() -> None:
    code = (
        "import sys, kupur; kupur.run(['--help']);"
        "print(sorted({'flask', 'numpy', 'whoosh', 'rich', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_pipe_that_closes_early_is_silent(news: Path, options: list[str]) -> None:
    with started("search", "--archive", news, "--per-page", "50", *options, "pazar") as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == ""


# serve


@contextlib.contextmanager
def served(archive: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve an archive; give the address that is printed, and the process."""
    with started("serve", "--archive", archive, "--port", "0", *options) as process:
        try:
            assert process.stdout
            first = process.stdout.readline()
            match = re.search(r"http://\S+", first)
            assert match, first
            yield match.group(), process
        finally:
            process.kill()


def fetched(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as response:
        return json.load(response)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_site_is_served_until_it_is_ended(news: Path, sent: signal.Signals) -> None:
    with served(news) as (address, process):
        assert fetched(address + "api/v1/search?q=pazar")["total"]["value"] == 26
        with urllib.request.urlopen(address, timeout=10) as page:
            assert page.headers["Server"] is None
            assert "text/html" in page.headers["Content-Type"]
        process.send_signal(sent)
        assert process.wait(timeout=30) == 0


def test_an_address_may_have_letters_as_they_are(tmp_path: Path, archive: Path) -> None:
    kupur.run(["import", str(written(tmp_path, line(1)))])
    with served(archive) as (address, _):
        assert status_and_body(address, "/api/v1/search?q=YAĞDI")[1]["total"]["value"] == 1
        assert status_and_body(address, "/api/v1/search?q=YA%C4%9EDI")[1]["total"]["value"] == 1
        assert status_and_body(address, "/api/v1/articles/ığdır")[0] == 404


def status_and_body(address: str, path: str) -> tuple[int, Any]:
    """Ask as curl does: an address is sent as it was typed."""
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_what_is_imported_meanwhile_is_found(tmp_path: Path, archive: Path) -> None:
    kupur.run(["import", str(written(tmp_path, line(1)))])
    with served(archive) as (address, _):
        assert fetched(address + "api/v1/search?q=kar")["total"]["value"] == 1
        kupur.run(["import", str(written(tmp_path, line(1), line(2)))])
        kupur.run(["remove", "a-1"])
        found = fetched(address + "api/v1/search?q=kar")
        assert [hit["id"] for hit in found["results"]] == ["a-2"]


def test_serving_indexes_what_an_interrupted_import_left(tmp_path: Path, archive: Path) -> None:
    kupur.run(["import", str(written(tmp_path, line(1)))])
    application = kupur.Application()
    with application.open_archive(archive) as opened:
        first = next(iter(opened.articles()))
        opened.put([type(first)(id="later", title="Kar", blocks=first.blocks)])
    with served(archive) as (address, _):
        assert fetched(address + "api/v1/search?q=kar")["total"]["value"] == 2


def test_a_busy_port_is_one_line(news: Path, capsys: Out) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        assert kupur.run(["serve", "--archive", str(news), "--port", port]) == 2
    expected = f"kupur: port {port} is in use on 127.0.0.1; choose another with --port\n"
    assert capsys.readouterr().err == expected


def test_an_address_of_another_machine_is_one_line(news: Path, capsys: Out) -> None:
    assert kupur.run(["serve", "--archive", str(news), "--host", "no.such.invalid"]) == 2
    assert re.fullmatch(r"kupur: 'no\.such\.invalid' is no address.*\n", capsys.readouterr().err)


def on_a_terminal(*arguments: str | Path) -> str:
    """Return what kupur shows on a terminal of 200 columns."""
    ours, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    with started(*arguments, stdout=its, stderr=its, env=environment) as process:
        os.close(its)
        shown = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # how a terminal says that nobody is left at its other end
                break
            if not read:
                break
            shown += read
    os.close(ours)
    assert process.returncode == 0, shown
    return shown.decode()
