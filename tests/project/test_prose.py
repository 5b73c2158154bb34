"""No file of the project speaks of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A letter in brackets keeps each pattern from matching itself.
MACHINE = re.compile(
    r"(?<![\w.)}\]/-])/(?:hom[e]|roo[t]|User[s]|op[t]|tm[p])/\w"
    r"|(?<![\w.)}\]/-])/wor[k](?!\w)"
    r"|\b[A-Z]:\\User[s]\\"
)
REGISTRY = re.compile(
    r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:com|org)|(?:conda\.)?anacond[a]\.(?:com|org)"
    r"|crate[s]\.io|deb[.]debia[n]\.org|proxy\.golan[g]\.org|rubygem[s]\.org",
    re.IGNORECASE,
)


def tracked_texts() -> dict[str, str]:
    """Return path -> text of the files that are in git or about to be; binary ones left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    texts = {}
    for name in filter(None, told.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode("utf-8", errors="replace")
    return texts


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is tracked is known to git alone")
@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["paths", "registries"])
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    texts = tracked_texts()
    assert {"pyproject.toml", "locks/run.txt", "tests/project/test_prose.py"} <= texts.keys()
    assert [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ] == []


# A bar stands for the separator, so that these lines are not found themselves.
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE, "see |home|somebody|register.xlsx"),
        (MACHINE, '"|work|main"'),
        (MACHINE, "cd |work"),
        (MACHINE, "out=|tmp|run"),
        (REGISTRY, "index-url = https:||pyp|i.org|simple"),
    ],
)
def test_the_patterns_see_what_they_are_for(pattern: re.Pattern[str], text: str) -> None:
    assert not pattern.search(text)
    assert pattern.search(text.replace("pyp|i", "pypi").replace("|", "/"))


@pytest.mark.parametrize(
    "text",
    ["xl/workbook.xml", "/workbook", "the home/work split", "https://example.org/home/x"],
)
def test_the_patterns_let_other_text_pass(text: str) -> None:
    assert not MACHINE.search(text)
    assert not REGISTRY.search(text)
