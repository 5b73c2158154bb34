"""Policies, earlier audits, deck templates and what-ifs that are made to do harm."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hostile_registers import AS_EVER, format_csv, parts, save, save_csv, save_rows
from hostile_runs import AS_OF, Arguments, Case, Refused, Run
from pptx import Presentation

import ropa

LONG = "x" * 3_000_000
ESCAPES = "\x1b]0;owned\x07\x1b[31m\u202e"


def register(folder: Path) -> Path:
    return save_csv(folder, format_csv())


def audit_with(
    option: str, name: str, data: bytes | str, *more: str | Path
) -> Callable[[Path], Arguments]:
    """Return what writes a file and gives it with an option."""

    def write(folder: Path) -> Arguments:
        path = save_csv(folder, data, name)
        return ["audit", register(folder), *AS_OF, option, path, *more, "--json", "-"]

    return write


def with_path(
    option: str, make: Callable[[Path], Path | str], *more: str
) -> Callable[[Path], Arguments]:
    """Return what gives a path with an option."""
    return lambda folder: ["audit", register(folder), *AS_OF, option, make(folder), *more]


def policy(data: bytes | str) -> Callable[[Path], Arguments]:
    return audit_with("--policy", "ropa.toml", data)


def previous(data: bytes | str, name: str = "findings.json") -> Callable[[Path], Arguments]:
    return audit_with("--previous", name, data)


def what_if(text: str) -> Callable[[Path], Arguments]:
    return lambda folder: ["audit", register(folder), *AS_OF, "--what-if", text, "--json", "-"]


def make_pipe(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        os.mkfifo(folder / name)
        return folder / name

    return make


def make_link(name: str, target: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).symlink_to(target)
        return folder / name

    return make


def make_folder(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).mkdir()
        return folder / name

    return make


def earlier(folder: Path) -> dict[str, object]:
    """Return an earlier audit of the register as its document."""
    audit = ropa.audit(ropa.load(register(folder)), as_of="2026-06-30", rules=["RET"])
    from ropa.report.findings_json import build_document

    return dict(build_document(audit))


def changed(change: Callable[[dict[str, object]], None]) -> Callable[[Path], Arguments]:
    """Return what gives an earlier audit with something in it changed."""

    def write(folder: Path) -> Arguments:
        document = json.loads(json.dumps(earlier(folder)))
        change(document)
        return previous(json.dumps(document))(folder)

    return write


def set_in_finding(key: str, value: object) -> Callable[[Path], Arguments]:
    return changed(lambda document: document["findings"][0].update({key: value}))  # type: ignore[index]


@cache
def deck() -> Mapping[str, bytes]:
    Presentation().save(data := BytesIO())
    with zipfile.ZipFile(data) as file:
        return {name: file.read(name) for name in file.namelist()}


def template(
    change: Callable[[dict[str, bytes]], None], name: str = "house.pptx"
) -> Callable[[Path], Arguments]:
    """Return what gives a deck template with its parts changed."""

    def write(folder: Path) -> Arguments:
        change(content := dict(deck()))
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for part, data in content.items():
                file.writestr(part, data)
        return [
            "audit",
            register(folder),
            *AS_OF,
            "--out",
            folder / "out",
            "--deck-template",
            folder / name,
        ]

    return write


def raw_template(data: bytes) -> Callable[[Path], Arguments]:
    return lambda folder: [
        *("audit", register(folder), *AS_OF, "--out", folder / "out"),
        *("--deck-template", save_csv(folder, data, "house.pptx")),
    ]


def template_at(make: Callable[[Path], Path]) -> Callable[[Path], Arguments]:
    return lambda folder: [
        *(
            "audit",
            register(folder),
            *AS_OF,
            "--out",
            folder / "out",
            "--deck-template",
            make(folder),
        ),
    ]


def declare(encoding: str) -> Callable[[dict[str, bytes]], None]:
    def change(content: dict[str, bytes]) -> None:
        name = "ppt/presentation.xml"
        text = content[name].decode().partition("?>")[2]
        laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        content[name] = (head + laughs + text).encode(encoding)

    return change


NO_POLICY = Refused("this is no TOML")
NO_DECK = Refused("no deck that can be read")

CASES = (
    # -- policy --
    Case("policy of binary", policy(bytes(range(256)) * 20), Refused("this is no UTF-8 text")),
    Case("policy of zero bytes", policy(bytes(5000)), NO_POLICY),
    Case(
        "policy that is a workbook",
        with_path("--policy", lambda folder: save(folder, parts())),
        Refused("this is no UTF-8 text"),
    ),
    Case(
        "policy of brackets in brackets", policy("x = " + "[" * 100_000), Refused("nested too deep")
    ),
    Case(
        "policy of tables in tables",
        policy("[" + "a." * 900 + "a]"),
        Refused("a policy has no 'a'"),
    ),
    Case(
        "policy with a key of 400,000 parts",
        policy("a." * 400_000 + "a = 1"),
        Refused("nested too deep"),
    ),
    Case(
        "policy with a number of 5,000 digits",
        policy("x = " + "9" * 5000),
        Refused("a number in it is too long"),
    ),
    Case("policy with a text that never ends", policy('x = """' + "y" * 100_000), NO_POLICY),
    Case("policy of 3 MB", policy(f'[mapping]\n"{LONG}" = "purpose"\n'), Refused("larger than")),
    Case(
        "policy with a key of 100,000 letters",
        policy(f'"{"k" * 100_000}" = 1'),
        Refused("a policy has no"),
    ),
    Case(
        "policy with a key of terminal commands",
        policy('"\\u001b]0;owned\\u0007\\u202e" = 1'),
        Refused("a policy has no"),
    ),
    Case(
        "policy with a value of another kind",
        policy("mapping = 7\nrules = 2026-01-01\n"),
        Refused("ropa.toml"),
    ),
    Case(
        "policy that maps to an attribute of Python",
        policy('[mapping]\n"Purpose" = "__class__.__init__"\n'),
        Refused("there is no field"),
    ),
    Case(
        "policy that is a pipe",
        with_path("--policy", make_pipe("ropa.toml")),
        Refused("this is no regular file"),
    ),
    Case(
        "policy that never ends",
        with_path("--policy", make_link("ropa.toml", "/dev/zero")),
        Refused("this is no regular file"),
    ),
    Case(
        "policy that is a folder",
        with_path("--policy", make_folder("ropa.toml")),
        Refused("this is a folder"),
    ),
    Case(
        "policy that is a link to itself",
        with_path("--policy", make_link("ropa.toml", "ropa.toml")),
        Refused("ropa.toml: "),
    ),
    Case(
        "policy of a name too long",
        with_path("--policy", lambda folder: folder / ("n" * 300)),
        Refused("the policy cannot be read"),
    ),
    Case(
        "policy of a name with a zero byte",
        with_path("--policy", lambda folder: f"{folder}/a\0b"),
        Refused("a?b: "),
    ),
    # -- earlier audit --
    Case(
        "earlier audit of brackets in brackets", previous("[" * 200_000), Refused("nested too deep")
    ),
    Case(
        "earlier audit with a number of 5,000 digits",
        previous('{"ropa": ' + "9" * 5000 + "}"),
        Refused("this is no JSON"),
    ),
    Case("earlier audit of no numbers", previous('{"ropa": NaN}'), Refused("this is no JSON")),
    Case("earlier audit of binary", previous(bytes(range(256))), Refused("this is no UTF-8 text")),
    Case(
        "earlier audit with half a character",
        set_in_finding("message", "\ud800"),
        Refused("half a character"),
    ),
    Case(
        "earlier audit with a rule of markup",
        set_in_finding("rule", "<script>"),
        Refused("is none that an audit writes"),
    ),
    Case(
        "earlier audit with an id of a path",
        set_in_finding("id", "../../../x"),
        Refused("is none that an audit writes"),
    ),
    Case(
        "earlier audit with a list for a text",
        set_in_finding("owner", ["x"] * 1000),
        Refused("is no text"),
    ),
    Case(
        "earlier audit with a key of terminal commands",
        set_in_finding(ESCAPES * 1000, "x"),
        Refused("findings.json"),
    ),
    Case(
        "earlier audit of the year 10000",
        changed(lambda document: document.update(as_of="10000-01-01")),
        Refused("is no date"),
    ),
    Case(
        "earlier audit of a day to come",
        changed(lambda document: document.update(as_of="9999-12-31")),
        Refused("9999-12-31"),
    ),
    Case(
        "earlier audit of a later version",
        changed(lambda document: document.update(ropa="99.0.0")),
        Refused("version"),
    ),
    Case(
        "earlier audit with a version of terminal commands",
        changed(lambda document: document.update(ropa=ESCAPES)),
        Refused("findings.json"),
    ),
    Case(
        "earlier audit with hostile words of an owner",
        set_in_finding("remark", "=1+1" + ESCAPES + "<script>" + "y" * 100_000),
        AS_EVER,
    ),
    Case(
        "earlier audit that is a pipe",
        with_path("--previous", make_pipe("findings.json")),
        Refused("this is no regular file"),
    ),
    Case(
        "earlier audit that never ends",
        with_path("--previous", make_link("findings.json", "/dev/zero")),
        Refused("this is no regular file"),
    ),
    Case(
        "earlier workbook that never ends",
        with_path("--previous", make_link("findings.xlsx", "/dev/zero")),
        Refused("this is no regular file"),
    ),
    Case(
        "earlier audit of a name too long",
        with_path("--previous", lambda folder: folder / ("n" * 300 + ".json")),
        Refused("cannot be opened"),
    ),
    Case(
        "earlier audit of another ending and a name too long",
        with_path("--previous", lambda folder: folder / ("n" * 300)),
        Refused("there is no such file"),
    ),
    Case(
        "earlier audit that is an empty folder",
        with_path("--previous", make_folder("reports")),
        Refused("neither findings.json nor findings.xlsx"),
    ),
    Case(
        "earlier workbook that is the register",
        with_path("--previous", lambda folder: save(folder, parts())),
        Refused("holds no findings"),
    ),
    Case(
        "earlier workbook of one giant heading",
        with_path(
            "--previous",
            lambda folder: save_rows(folder, [["Finding ID " * 9000, "Rule"], ["x", "y"]]),
        ),
        Refused("holds no findings"),
    ),
    Case(
        "earlier workbook with a bomb",
        with_path(
            "--previous", lambda folder: save(folder, parts() | {"x.bin": bytes(200 * 2**20)})
        ),
        Refused("inflates to more than 200 times"),
    ),
    # -- deck template --
    Case("template of text", raw_template(b"x" * 5000), NO_DECK),
    Case(
        "template that is a workbook",
        template_at(lambda folder: save(folder, parts(), "house.pptx")),
        NO_DECK,
    ),
    Case(
        "template that is a bomb",
        template(lambda content: content.update({"ppt/media/a.png": bytes(400 * 2**20)})),
        Refused("too large for a deck template"),
    ),
    Case("template with entities", template(declare("utf-8")), NO_DECK),
    Case("template with entities in UTF-16", template(declare("utf-16")), NO_DECK),
    Case(
        "template of many parts",
        template(lambda content: content.update({f"x/{n}": b"" for n in range(30_000)})),
        Refused("too large for a deck template"),
    ),
    Case(
        "template without its slides' master",
        template(lambda content: content.__delitem__("ppt/slideMasters/slideMaster1.xml")),
        NO_DECK,
    ),
    Case("template that is a pipe", template_at(make_pipe("house.pptx")), Refused("house.pptx: ")),
    Case(
        "template that never ends",
        template_at(make_link("house.pptx", "/dev/zero")),
        Refused("house.pptx: "),
    ),
    Case(
        "template that is a folder", template_at(make_folder("house.pptx")), Refused("house.pptx: ")
    ),
    Case(
        "template that is not there",
        template_at(lambda folder: folder / "house.pptx"),
        Refused("house.pptx: "),
    ),
    Case(
        "template of a name too long",
        template_at(lambda folder: folder / ("n" * 300 + ".pptx")),
        Refused("nnn"),
    ),
    # -- what if --
    Case(
        "what if of terminal commands",
        what_if(f"end {ESCAPES} 2026-12-01"),
        Refused("there is no instrument"),
    ),
    Case("what if of 100,000 words", what_if("end " + "x " * 100_000), Refused("what if")),
    Case("what if of nothing", what_if(""), Refused("what if")),
    Case("what if of no day", what_if("end EUADQ-US-DPF 2026-13-45"), Refused("2026-13-45")),
    Case(
        "what if of an instrument there is not",
        what_if("end ../../etc/passwd 2026-12-01"),
        Refused("../../etc/passwd"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_options(case: Case, try_case: Callable[[Case], Run]) -> None:
    try_case(case)
