"""report.html in a browser: nothing fails, nothing is fetched, filters and sorting work.

The page has no hook for tests. A copy of it gets one more script, which its security policy is
told of, and which leaves what it saw in an attribute.
"""

import base64
import hashlib
import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from build_samples import SAMPLES
from programs import find_program, skip_unless
from registers import clean_source, patch_source, to_register

import ropa
from ropa.audits import Audit
from ropa.report.page import write_page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = find_program("Chromium", *NAMES)
pytestmark = skip_unless(PROGRAM, "Chromium")

WATCH = """
const seen = {errors: [], blocked: []};
window.addEventListener("error", (event) => seen.errors.push(event.message));
document.addEventListener("securitypolicyviolation", (event) =>
  seen.blocked.push(event.blockedURI));
"""
ACT = """
const rows = () => Array.from(document.querySelectorAll("#findings-table tbody tr"));
const shown = () => rows().filter((row) => row.getClientRects().length);
const said = () => document.getElementById("shown").textContent;
const look = () => ({ids: shown().map((row) => row.id), said: said()});
const choose = (name, value) => {
  const field = document.getElementById(`filter-${name}`);
  field.value = value;
  field.dispatchEvent(new Event(name === "text" ? "input" : "change"));
};
const head = (name) => document.querySelector(`th[data-sort=${name}]`);
const open = () => document.querySelectorAll("details[open]").length;
seen.start = look();
seen.values = {};
for (const name of ["severity", "family", "status", "duty"]) {
  const value = document.getElementById(`filter-${name}`).options[1].value;
  choose(name, value);
  seen.values[name] = {value, ...look()};
  choose(name, "");
}
choose("text", "privacy   SHIELD");
seen.text = look();
choose("severity", "low");
seen.none = look();
location.hash = seen.start.ids[0];
window.dispatchEvent(new HashChangeEvent("hashchange"));
seen.linked = look();
choose("severity", "high");
document.getElementById("filter-reset").click();
seen.reset = look();
head("rule").querySelector("button").click();
seen.up = {...look(), sort: head("rule").getAttribute("aria-sort")};
head("rule").querySelector("button").click();
seen.down = {...look(), sort: head("rule").getAttribute("aria-sort")};
head("activity").querySelector("button").click();
seen.activities = rows().map((row) => row.dataset.activity);
seen.sorts = document.querySelectorAll("th[aria-sort]").length;
seen.folded = open();
window.dispatchEvent(new Event("beforeprint"));
seen.printed = open();
seen.all = document.querySelectorAll("details").length;
window.dispatchEvent(new Event("afterprint"));
seen.refolded = open();
"""
MEASURE = """
// Violations are told a moment later.
setTimeout(() => {
  seen.fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  seen.wide = document.documentElement.scrollWidth;
  seen.room = document.documentElement.clientWidth;
  seen.title = document.title;
  document.documentElement.setAttribute("data-seen", JSON.stringify(seen));
  parent.postMessage(JSON.stringify(seen), "*");
}, 500);
"""
FRAME = """<!DOCTYPE html><title>A narrow window</title><script>
window.addEventListener("message", (event) =>
  document.documentElement.setAttribute("data-seen", event.data));
</script><iframe src="page.html" width="WIDTH" height="700" frameborder="0"></iframe>"""


def browse(
    page: bytes, folder: Path, act: str = "", *, width: int = 0
) -> tuple[dict[str, Any], str]:
    """Return what a copy of the page saw of itself, and what the browser wrote on its console."""
    text = page.decode()
    for place, script in (("<title>", WATCH), ("</body>", act + MEASURE)):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        text = text.replace("script-src ", f"script-src &#39;sha256-{digest}&#39; ", 1)
        text = text.replace(place, f"<script>{script}</script>{place}", 1)
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8", newline="\n")
    if width:  # A browser's own window has a least width.
        file = folder / "frame.html"
        file.write_text(FRAME.replace("WIDTH", str(width)), encoding="utf-8")
    ran = subprocess.run(
        [
            *(str(PROGRAM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update"),
            *(f"--user-data-dir={folder / 'profile'}", "--window-size=1280,2000"),
            *("--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom"),
            file.as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    found = re.search(r'data-seen="([^"]*)"', ran.stdout)
    assert found, "the script did not run to its end"
    seen: dict[str, Any] = json.loads(html.unescape(found[1]))
    return seen, "\n".join(line for line in ran.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture(scope="module")
def found() -> Audit:
    register = ropa.load(SAMPLES / "telephone-answering-service.xlsx")
    return ropa.audit(register, as_of="2026-09-30")


@pytest.fixture(scope="module")
def page(found: Audit) -> bytes:
    return write_page(found)


@pytest.fixture(scope="module")
def seen(page: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    given, console = browse(page, tmp_path_factory.mktemp("browser"), ACT)
    return given | {"console": console}


def test_nothing_fails_and_nothing_is_fetched(seen: dict[str, Any]) -> None:
    assert seen["console"] == ""
    assert (seen["errors"], seen["blocked"], seen["fetched"]) == ([], [], [])


def test_a_page_that_tries_is_stopped_and_seen(page: bytes, tmp_path: Path) -> None:
    bad = b'<img src="https://example.org/x.png"><p style="color:red">x</p></main>'
    given, console = browse(page.replace(b"</main>", bad, 1), tmp_path)
    assert "https://example.org/x.png" in given["blocked"]
    assert "inline" in given["blocked"]
    assert "Content Security Policy" in console


def test_all_findings_are_there_at_first(seen: dict[str, Any], found: Audit) -> None:
    assert seen["start"]["ids"] == [f"finding-{one}" for one in found.findings["id"]]
    assert seen["start"]["said"] == f"{len(found.findings)} findings"


@pytest.mark.parametrize("name", ["severity", "family", "status", "duty"])
def test_each_filter_keeps_its_own(name: str, seen: dict[str, Any], found: Audit) -> None:
    rows = found.findings
    values = rows["rule"].str.slice(0, 3) if name == "family" else rows[name]
    given = seen["values"][name]
    kept = rows[values == given["value"]]
    assert given["ids"] == [f"finding-{one}" for one in kept["id"]]
    if name != "status":
        assert 0 < len(kept) < len(rows)
        assert given["said"] == f"Showing {len(kept)} of {len(rows)} findings"


def test_words_are_searched_together(seen: dict[str, Any], found: Audit) -> None:
    texts = found.findings["message"] + found.findings["value"]
    kept = found.findings[texts.str.contains("Privacy Shield")]
    assert seen["text"]["ids"] == [f"finding-{one}" for one in kept["id"]]
    assert len(kept) > 0
    assert seen["none"]["ids"] == []
    assert seen["none"]["said"].startswith("Showing 0 of ")


def test_a_link_to_a_hidden_finding_shows_it(seen: dict[str, Any]) -> None:
    assert seen["linked"] == seen["start"]
    assert seen["reset"] == seen["start"]


def test_sorting_goes_both_ways_and_says_so(seen: dict[str, Any], found: Audit) -> None:
    rows = found.findings.reset_index(drop=True)
    up = rows.sort_values("rule", kind="stable")
    down = rows.sort_values("rule", kind="stable", ascending=False)
    assert seen["up"]["ids"] == [f"finding-{one}" for one in up["id"]] != seen["start"]["ids"]
    assert seen["down"]["ids"] == [f"finding-{one}" for one in down["id"]]
    assert (seen["up"]["sort"], seen["down"]["sort"]) == ("ascending", "descending")
    assert seen["sorts"] == 1
    order = list(dict.fromkeys(seen["activities"]))
    assert order == ["", *(f"E{number}" for number in range(1, 12))]


def test_paper_shows_what_is_folded(seen: dict[str, Any]) -> None:
    assert seen["folded"] == seen["refolded"] == 0
    assert seen["printed"] == seen["all"] > 10


def test_it_fits_a_telephone_and_a_hostile_register_runs_nothing(tmp_path: Path) -> None:
    texts = {
        "organisation.Name": "<script>document.title='taken'</script>",
        "K16.Lawful basis": "</style></script><script>document.title='taken'</script>",
        "K15.Lawful basis": "javascript:document.title='taken'",
        "K14.Lawful basis": '"><img src=x onerror="document.title=\'taken\'">',
        "K13.Lawful basis": "W" * 180,
        "K13.ID": "X" * 90,
    }
    register = to_register(patch_source(clean_source(), texts), "clean")
    page = write_page(ropa.audit(register, as_of="2026-09-30", rules=["LAW"]))
    given, console = browse(page, tmp_path, width=360)
    assert (console, given["errors"], given["blocked"], given["fetched"]) == ("", [], [], [])
    assert given["title"].startswith("Article 30 audit: <script>")
    assert given["wide"] == given["room"]
    assert 300 < given["room"] <= 360
