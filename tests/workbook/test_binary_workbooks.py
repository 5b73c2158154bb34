"""Binary workbooks: read in another process, whose every end is one line at worst."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pyarrow as pa
import pytest
from office import convert, needs_office
from refused_files import why
from workbook_parts import links_part, pack

from ropa.errors import InputError
from ropa.workbook import binary, binary_child, limits, read_workbook
from ropa.workbook.kinds import Kind

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
DAMAGED = OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(4096)


def answer(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def stream(*columns: list[str | None]) -> bytes:
    arrays = [pa.array(column, pa.string()) for column in columns]
    batch = pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def head(*errors: tuple[int, int, str], hidden: bool = False) -> bytes:
    sheet = {"name": "S1", "hidden": hidden, "errors": errors}
    return json.dumps({"sheets": [sheet]}).encode()


def stand_in(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program answer in the place of the one that reads."""
    run = subprocess.run

    def start(_command: list[str], **options: object) -> object:
        return run([sys.executable, "-c", program], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", start)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (path := tmp_path / "old.xls").write_bytes(DAMAGED)
    return path


@pytest.mark.parametrize("suffix", [".xls", ".xlsb", ".xlsx", ".csv"])
def test_a_damaged_old_workbook(tmp_path: Path, suffix: str) -> None:
    (path := tmp_path / f"old{suffix}").write_bytes(DAMAGED)
    assert "the workbook is damaged" in why(path)


def test_a_damaged_binary_workbook(tmp_path: Path) -> None:
    parts = {
        "_rels/.rels": links_part(("officeDocument", "w", "xl/workbook.bin")),
        "xl/workbook.bin": b"\x83\x01\x00",
    }
    assert "the workbook is damaged" in why(pack(tmp_path / "register.xlsb", parts))


ENDS = {
    "aborted": "import os; os.abort()",
    "failed": "raise SystemExit(3)",
    "silent": "",
    "half an answer": "import sys; sys.stdout.buffer.write(b'\\x09' + bytes(7) + b'x')",
    "no answer": "print('hello, here is a text')",
    "an unknown problem": "import sys; sys.stdout.buffer.write(b'\\x0f' + bytes(7) "
    '+ b\'{"problem": "x"}\')',
}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_of_the_process(path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    stand_in(monkeypatch, ENDS[end])
    assert "damaged, or made to do harm" in why(path)


def test_a_process_that_does_not_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", 0.2)
    stand_in(monkeypatch, "import time; time.sleep(60)")
    assert "reading it took more than 0.2 seconds" in why(path)


def test_a_process_that_cannot_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(path.parent / "gone"))
    assert "cannot be started" in why(path)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ("password", "the workbook is encrypted; open it, remove the password"),
        ("memory", "takes too much memory"),
        ("area", "more than" if False else "reach further than the 27 million"),
    ],
)
def test_problems_that_the_process_tells(
    path: Path, monkeypatch: pytest.MonkeyPatch, problem: str, expected: str
) -> None:
    told = answer(json.dumps({"problem": problem}).encode())
    monkeypatch.setattr(binary, "_run", lambda _: told)
    assert expected in why(path)


def test_an_answer_becomes_sheets(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = stream([None, "a", None, None], [None, None, None, None], [None] * 4)
    told = answer(head((3, 2, "#REF!"), hidden=True), columns)
    monkeypatch.setattr(binary, "_run", lambda _: told)
    (sheet,) = read_workbook(path).sheets
    assert (sheet.name, sheet.index, sheet.hidden, sheet.rows, sheet.columns) == (
        "S1",
        0,
        True,
        3,
        2,
    )
    assert sheet.text(2, 1) == "a"
    assert sheet.errors == {(3, 2): "#REF!"}
    assert sheet.texts.schema.names == ["A", "B"]


BAD_ANSWERS = {
    "no stream": answer(head(), b"x"),
    "a stream too few": answer(head()),
    "a stream too many": answer(head(), stream(["a"]), stream(["a"])),
    "a head of no object": answer(b"[]"),
    "a head without sheets": answer(b"{}"),
    "an error without a place": answer(head().replace(b"[]", b"[[1]]"), stream(["a"])),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_answers_that_are_none(path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(binary, "_run", lambda _: BAD_ANSWERS[case])
    assert "damaged, or made to do harm" in why(path)


def test_sheets_of_an_answer_that_are_too_large(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 2)
    monkeypatch.setattr(binary, "_run", lambda _: answer(head(), stream(["a", "b", "c"])))
    assert "its cells reach as far as A3" in why(path)


def start(*arguments: str, data: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "ropa.workbook.binary_child", *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(binary.__file__).parents[2]), **environment},
        check=False,
        timeout=60,
    )


def test_the_process_says_what_is_wrong_and_no_more() -> None:
    done = start(str(limits.MAX_MEMORY), data=DAMAGED)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == answer(b'{"problem": "damaged"}')


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory holds on Linux")
def test_the_process_has_a_limit_of_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values in A1 and XFD1048576 ask the reader for 549 GB: only that process ends."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = book.worksheets[0]["XFD1048576"] = 1
    book.save(far := path.parent / "far.xlsx")
    done = start(str(limits.MAX_MEMORY), data=far.read_bytes())
    assert done.returncode or b'"problem"' in done.stdout
    monkeypatch.setattr("ropa.workbook.cells.find_kind", lambda *_: Kind.BINARY)
    assert "; " in why(far)


def test_modules_come_from_no_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fastexcel.py").write_text("raise SystemExit(9)")
    (tmp_path / "old.xls").write_bytes(DAMAGED)
    monkeypatch.chdir(tmp_path)
    assert why(tmp_path / "old.xls").startswith("the workbook is damaged; open it")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *[(42.0, "42"), (-7.0, "-7"), (0.1, "0.1"), (1 / 3, "0.3333333333333333"), (0.0, "0")],
        *[(1e15, "1000000000000000"), (1e16, "1e+16"), (1e-7, "1e-07"), (1e20, "1e+20")],
    ],
)
def test_numbers_of_the_process(number: float, expected: str) -> None:
    assert binary_child._number_text(number) == expected  # noqa: SLF001


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        ("2024-02-29 00:00:00", 3.9e9, "2024-02-29 00:00:00"),
        ("2024-02-29 08:30:15.250", 3.9e9, "2024-02-29 08:30:15.250000"),
        ("2024-02-29 08:30:15.000", 3.9e9, "2024-02-29 08:30:15"),
        ("1899-12-31 08:30:00", 30_600, "08:30:00"),
        ("1904-01-01 08:30:00", 30_600, "08:30:00"),
        ("1899-12-30 00:00:00", -86_400, None),
    ],
)
def test_dates_of_the_process(text: str, seconds: float, expected: str | None) -> None:
    assert binary_child._moment_text(text, seconds) == expected  # noqa: SLF001


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("Expected string but got 'Error(Ref)'", "#REF!"),
        ("Expected string but got 'Error(Div0)'", "#DIV/0!"),
        ("Expected string but got 'Error(NA)'", "#N/A"),
        ("Something else", "#VALUE!"),
    ],
)
def test_errors_of_the_process(detail: str, expected: str) -> None:
    assert binary_child._name_error(detail) == expected  # noqa: SLF001


def test_truth_values_and_texts_like_them() -> None:
    texts = ["true", "true", "1", "2", None]
    truths = pa.array([True, None, None, True, None])
    numbers = pa.array([1.0, None, 1.0, 2.0, None])
    found = binary_child._retype(texts, truths, numbers, pa.nulls(5, pa.duration("ms")))  # noqa: SLF001
    assert found == [(0, "True"), (3, "2")]


def test_a_system_without_such_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    binary_child._limit(1)  # noqa: SLF001


def test_a_limit_that_the_system_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def refuse(_which: int, pair: tuple[int, int]) -> None:
        asked.append(pair)
        raise ValueError

    module = SimpleNamespace(
        RLIMIT_AS=1,
        RLIMIT_CORE=2,
        RLIM_INFINITY=-1,
        getrlimit=lambda which: (0, 50 if which == 1 else -1),
        setrlimit=refuse,
    )
    monkeypatch.setitem(sys.modules, "resource", module)
    binary_child._limit(100)  # noqa: SLF001
    assert asked == [(50, 50), (0, -1)]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an ``.xls`` file as LibreOffice writes it."""
    folder = tmp_path_factory.mktemp("old")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C4"], sheet["C5"], sheet["D6"] = "first", "=1/0", 42
    book.create_sheet("Veiled")["B2"] = "=#REF!"
    book.worksheets[1].sheet_state = "hidden"
    book.save(folder / "made.xlsx")
    return convert([folder / "made.xlsx"], "xls", folder) / "made.xls"


@needs_office
def test_an_old_workbook(old: Path) -> None:
    first, second = read_workbook(old).sheets
    assert (first.rows, first.columns, first.hidden) == (6, 4, False)
    assert (first.text(4, 3), first.text(6, 4)) == ("first", "42")
    assert first.errors == {(5, 3): "#DIV/0!"}
    assert (second.hidden, second.rows, second.columns) == (True, 2, 2)
    assert second.errors == {(2, 2): "#REF!"}


@needs_office
@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".csv"])
def test_an_old_workbook_under_another_extension(old: Path, tmp_path: Path, suffix: str) -> None:
    (path := tmp_path / f"old{suffix}").write_bytes(old.read_bytes())
    assert read_workbook(path).sheets == read_workbook(old).sheets


FIRST_RECORD = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # [MS-XLS] 2.4.21
WRITE_PROTECTION = b"\x86\x00\x00\x00"  # 2.4.350
FILE_PASS = b"\x2f\x00\x06\x00"  # 2.4.117


@pytest.mark.parametrize("between", [b"", WRITE_PROTECTION])
@pytest.mark.parametrize("way", [b"\0\0", b"\1\0"])
def test_an_old_workbook_with_a_password(tmp_path: Path, between: bytes, way: bytes) -> None:
    """No reader is trusted to notice each way: what it then gives is scrambled letters."""
    records = FIRST_RECORD + bytes(12) + between + FILE_PASS + way + bytes(4)
    (path := tmp_path / "locked.xls").write_bytes(DAMAGED + records)
    assert why(path).startswith("the workbook is encrypted; open it, remove the password")


@needs_office
def test_the_password_of_an_old_workbook_is_its_second_record(old: Path, tmp_path: Path) -> None:
    data = bytearray(old.read_bytes())
    second = data.index(FIRST_RECORD) + 4 + 16
    data[second : second + 2] = FILE_PASS[:2]
    (path := tmp_path / "locked.xls").write_bytes(data)
    assert why(path).startswith("the workbook is encrypted")


@needs_office
def test_bytes_of_an_old_workbook_that_are_flipped(old: Path, tmp_path: Path) -> None:
    data = old.read_bytes()
    path = tmp_path / "flipped.xls"
    outcomes = set()
    for place in (40, 600, len(data) // 2, len(data) - 600):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            outcomes.add(read_workbook(path).file)
        except InputError as error:
            outcomes.add(str(error).partition(": ")[0])
    assert outcomes == {"flipped.xls"}
