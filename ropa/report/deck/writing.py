"""The deck as a whole: which slides, in which order."""

from pathlib import Path

from ropa.report.deck.facts import gather_facts
from ropa.report.deck.freezing import dump_deck
from ropa.report.deck.pages import Page
from ropa.report.deck.standing import show_change, show_standing, word_change
from ropa.report.deck.template import open_base
from ropa.report.deck.transfers import show_flows, show_safeguards, word_flows, word_safeguards
from ropa.report.deck.work import (
    show_decisions,
    show_method,
    show_risks,
    show_trend,
    word_decisions,
    word_risks,
    word_trend,
)
from ropa.report.verdict_words import word_verdict
from ropa.results import Result

_METHOD = "How this was found, and where the evidence is"


def write_deck(result: Result, *, template: Path | None = None) -> bytes:
    """Write what a board has to know of an audit as slides.

    Parameters
    ----------
    result : Result
        The audit, compared with earlier ones or not.
    template : Path, optional
        A .pptx or .potx whose masters and layouts the slides use; its own slides are left out.

    Returns
    -------
    bytes
        The .pptx: where we stand, what changed, where the data go, transfers by safeguard, top
        risks, the trend (with earlier audits), decisions asked for, method. The same for the same
        audit and template.

    Raises
    ------
    InputError
        The template cannot be read, is no .pptx or .potx, or has no usable layout.
    """
    base = open_base(template)
    facts = gather_facts(result)
    footer = (facts.organisation, f" · as of {facts.day}{', what if' if facts.endings else ''}")
    slides = [
        (word_verdict(facts.result, facts.summary), show_standing),
        (word_change(facts), show_change),
        (word_flows(facts), show_flows),
        (word_safeguards(facts), show_safeguards),
        (word_risks(facts), show_risks),
        *([(word_trend(facts), show_trend)] if facts.result.earlier else []),
        (word_decisions(facts), show_decisions),
        (_METHOD, show_method),
    ]
    for title, show in slides:
        show(Page(base, title, footer), facts)
    return dump_deck(base.deck, f"{facts.organisation}: data protection, {facts.day}")
