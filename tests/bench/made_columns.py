"""The columns of a made-up register: its answers, and its gaps of every kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from tests.bench import made_texts as made

SEED = 20260930

_NOTHING = ("", "TBC", "N/A", "See policy")
_FREE = (
    *("activities.purpose", "activities.data_categories", "activities.recipients"),
    *("activities.retention", "activities.security_measures", "activities.legitimate_interest"),
    *("activities.source", "activities.location"),
)
"""Columns of free text that are told apart by a number where none may occur twice."""

Draw = Callable[..., list[str]]


def make_columns(activities: int, *, distinct: bool = False) -> Mapping[str, Sequence[str]]:
    """Return the cells of each column by the ``table.field`` that it holds."""
    random = Random(SEED)  # noqa: S311 - made-up data, the same each time
    pools = made.make_pools(random)

    def draw(texts: Sequence[str], *weights: float) -> list[str]:
        return random.choices(texts, weights or None, k=activities)

    def fill(name: str, gap: float, *others: str) -> list[str]:
        """Fill a column from a pool; a share of the cells is a gap or another text."""
        spoilt = draw((*_NOTHING, *others))
        pairs = zip(draw(pools[name]), spoilt, draw((False, True), 1 - gap, gap), strict=True)  # type: ignore[arg-type]
        return [bad if is_bad else good for good, bad, is_bad in pairs]

    numbers = range(1, activities + 1)
    names = zip(draw(made.ACTIVITIES), numbers, strict=True)
    found = {
        "activities.activity_id": [f"A{number:06}" for number in numbers],
        "activities.activity": [f"{name}, unit {number}" for name, number in names],
        "activities.function": draw(made.FUNCTIONS),
        "activities.purpose": fill("purpose", 0.08, "Business purposes"),
        "activities.joint_controller": draw(("", "Oxenholt Partners Ltd"), 0.97, 0.03),
        "activities.data_subjects": fill("subjects", 0.08),
        "activities.security_measures": fill("security", 0.1, "Appropriate measures"),
        "activities.rights": draw((*made.RIGHTS, ""), 6, 6, 6, 6, 2),
        "activities.automated_decisions": draw(("No", "Yes", ""), 0.94, 0.03, 0.03),
        "activities.source": fill("source", 0.15),
        "activities.location": fill("location", 0.05),
        "activities.retention": fill("retention", 0.15, "As long as necessary", "Indefinitely"),
    }
    for part in (_add_grounds, _add_sharing, _add_assessments):
        part(found, draw, fill)
    if distinct:
        for name in _FREE:
            pairs = zip(found[name], numbers, strict=True)
            found[name] = [f"{text} (file {number:06})" if text else "" for text, number in pairs]
    return found


def _add_grounds(found: dict[str, list[str]], draw: Draw, fill: Draw) -> None:
    """Add the data, the bases, and what goes with special categories, interests and consent."""
    special = draw(("", *made.SPECIAL), 0.9, *[0.025] * len(made.SPECIAL))
    data = fill("data", 0.1, "Personal data", "Various")
    bases = draw((*made.BASES, "", "Because we need it"), *[1.0] * len(made.BASES), 0.8, 0.4)
    marked = [one != "" for one in special]
    interests = ["interests" in one for one in map(str.lower, bases)]
    consents = ["consent" in one for one in map(str.lower, bases)]
    found |= {
        "activities.data_categories": [
            "; ".join(filter(None, pair)) for pair in zip(data, special, strict=True)
        ],
        "activities.lawful_basis": bases,
        "activities.special_category_condition": _keep(draw(("", *made.CONDITIONS)), marked),
        "activities.schedule_1_condition": _keep(draw(("", "Schedule 1, paragraph 1")), marked),
        "activities.policy_document": _keep(fill("policy", 0.3), marked),
        "activities.policy_adherence": _keep(draw(("Yes", "No", "")), marked),
        "activities.legitimate_interest": _keep(fill("interest", 0.1), interests),
        "activities.lia_reference": _keep(fill("lia", 0.4), interests),
        "activities.consent_record": _keep(fill("consent", 0.4), consents),
    }


def _add_sharing(found: dict[str, list[str]], draw: Draw, fill: Draw) -> None:
    """Add the recipients, and where they are: two in five are abroad."""
    abroad = draw(("None", "", *made.COUNTRIES), 55, 5, *[1.0] * len(made.COUNTRIES))
    outside = [one not in ("None", "") for one in abroad]
    found |= {
        "activities.recipients": fill("recipients", 0.12, "Third parties", "Service providers"),
        "recipients.contract_reference": fill("contract", 0.4),
        "activities.transfers": abroad,
        "recipients.transfer_mechanism": _keep(draw(("", *made.SAFEGUARDS)), outside),
    }


def _add_assessments(found: dict[str, list[str]], draw: Draw, fill: Draw) -> None:
    required = draw(("Yes", "No", ""), 0.2, 0.75, 0.05)
    needed = [one == "Yes" for one in required]
    progress = draw(("Complete", "In progress", "Not started", ""))
    found |= {
        "activities.dpia_required": required,
        "activities.dpia_status": _keep(progress, needed),
        "activities.dpia_reference": _keep(fill("assessment", 0.2), needed),
    }


def _keep(texts: Iterable[str], wanted: Iterable[bool]) -> list[str]:
    return [text if kept else "" for text, kept in zip(texts, wanted, strict=True)]
