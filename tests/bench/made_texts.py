"""Texts of a made-up register, from lists of words: a few thousand of each kind, none real."""

from collections.abc import Mapping, Sequence
from itertools import islice, product
from random import Random
from types import MappingProxyType

FUNCTIONS = (
    *("Human resources", "Sales", "Marketing", "Finance", "Customer service", "Facilities"),
    *("Legal", "Information technology", "Procurement", "Membership", "Events", "Research"),
)

BASES = (
    "Art 6(1)(b) contract",
    "Art 6(1)(c) legal obligation: Employment Rights Act 1996",
    "Art 6(1)(f) legitimate interests",
    "Art 6(1)(a) consent",
    "Article 6(1)(e) public task",
    "Legitimate interests",
    "Consent",
    "Contract",
    "Legal obligation",
    "Contract; legitimate interests",
    "Vital interests",
    "Legal obligation; consent",
)

COUNTRIES = (
    *("United States", "India", "Japan", "Canada", "Switzerland", "Australia", "Singapore"),
    *("Brazil", "Mexico", "South Africa", "Philippines", "Israel", "New Zealand", "Turkey"),
    *("Ireland", "France", "Germany", "Netherlands", "Spain", "Poland", "Sweden", "Norway"),
    *("Argentina", "Uruguay", "South Korea", "China", "Vietnam", "Malaysia", "Egypt", "Kenya"),
    *("Chile", "Colombia", "Ukraine", "Serbia", "Morocco", "Tunisia", "Ghana", "Nigeria"),
    *("Thailand", "Indonesia"),
)

SAFEGUARDS = (
    "Standard contractual clauses of 2021, with the UK Addendum",
    "International Data Transfer Agreement",
    "Adequacy regulations",
    "Binding corporate rules",
    "EU-US Privacy Shield",
    "Standard contractual clauses of 2010",
    "Explicit consent, Article 49(1)(a)",
    "Appropriate safeguards are in place",
)

CONDITIONS = (
    "Art 9(2)(b) employment and social security",
    "Art 9(2)(a) explicit consent",
    "Art 9(2)(h) health or social care",
    "Art 9(2)(f) legal claims",
)

RIGHTS = (
    "Access; rectification; erasure; restriction; objection",
    "Access; rectification; erasure; restriction; portability",
    "Access; rectification; restriction",
    "Access; rectification; erasure; withdrawal of consent; complaint",
)

PEOPLE = (
    *("Employees", "Customers", "Suppliers", "Members", "Job applicants", "Visitors"),
    *("Former employees", "Prospects", "Contractors", "Volunteers", "Event guests", "Callers"),
)

DATA = (
    *("Name", "Postal address", "Email address", "Telephone number", "Date of birth"),
    *("Bank details", "Salary", "Order history", "Photographs", "Call recordings"),
    *("Training records", "Qualifications", "Next of kin", "Payment records", "Job title"),
)
SPECIAL = ("Health data", "Trade union membership", "Ethnic origin", "Religious beliefs")

_MEASURES = (
    *("Encryption at rest", "Role-based access control", "Locked cabinets", "Daily backups"),
    *("Multi-factor authentication", "Staff training", "Audit logs", "Clean desk rule"),
    *("Penetration tests every year", "Firewall", "Pseudonymisation", "Visitor badges"),
)
_VERBS = (
    *("administer", "plan", "review", "answer", "record", "settle", "prepare", "check"),
    *("schedule", "document", "process", "follow up"),
)
_THINGS = (
    *("contracts", "orders", "invoices", "complaints", "applications", "appointments", "claims"),
    *("subscriptions", "deliveries", "expenses", "timesheets", "absences", "enquiries", "refunds"),
    *("repairs", "bookings", "surveys", "references", "training courses", "access requests"),
)
_WHEN = (
    *("during the contract", "before the contract begins", "after the contract has ended"),
    *("in the trading year", "for the annual accounts", "for the yearly audit", "every quarter"),
)
_EVENTS = (
    *("the end of the contract", "the last order", "the end of employment", "the claim is closed"),
    *("collection", "the end of the financial year", "the last contact", "the end of membership"),
)
_NAMES = (
    *("Larkmere", "Oxenholt", "Brindlecombe", "Tarrowfield", "Quillstead", "Ashwater", "Merrowby"),
    *("Pennyford", "Stonelea", "Wexcombe", "Hallowdene", "Fernshaw", "Copperwick", "Dunmarsh"),
    *("Elderbrook", "Gorseley", "Ivelstone", "Juniperdale", "Kestrelham", "Netherbarn"),
)
_TRADES = (
    *("Payroll", "Hosting", "Printing", "Couriers", "Archives", "Recruitment", "Telephony"),
    *("Insurance", "Analytics", "Security", "Catering", "Pensions", "Travel", "Training", "Legal"),
)
ACTIVITIES = (
    *("Holiday requests", "Payment runs", "Complaint handling", "Newsletter", "Site access"),
    *("Recruitment", "Expense claims", "Help desk", "Supplier checks", "Pension scheme"),
    *("Customer orders", "Event booking", "Training", "Fleet", "Insurance claims", "Surveys"),
)
_PLACES = ("Head office", "Leeds office", "Data centre", "Document store", "Cloud service")


def make_pools(random: Random) -> Mapping[str, Sequence[str]]:
    """Return the texts that each column is filled from, by the column's short name."""
    return MappingProxyType(
        {
            "purpose": _shuffle(random, _list_purposes(), 4_000),
            "subjects": _join(random, PEOPLE, 3, 120),
            "data": _join(random, DATA, 6, 1_500),
            # One recipient a row, as the template asks; a few rows hold a list.
            "recipients": [*list_recipients(), *_join(random, list_recipients(), 3, 40)],
            "contract": [f"Contract C-{number:05}" for number in range(3_000)],
            "retention": _shuffle(random, _list_periods(), 700),
            "security": _join(random, _MEASURES, 5, 2_000),
            "interest": [f"To {text}" for text in _shuffle(random, _list_aims(), 1_500)],
            "source": [f"From the data subject; {one.lower()}" for one in PEOPLE],
            "location": [f"{one}, room {number}" for one in _PLACES for number in range(1, 60)],
            "assessment": [f"Assessment DPIA-{number:05}" for number in range(2_000)],
            "lia": [f"Assessment LIA-{number:05}" for number in range(2_000)],
            "consent": [f"Form F-{number:04}, version of 2024" for number in range(500)],
            "policy": [f"Policy document P-{number:03}" for number in range(50)],
        }
    )


def list_recipients() -> list[str]:
    """Return 300 made-up companies."""
    return [f"{name} {trade} Ltd" for name, trade in product(_NAMES, _TRADES)]


def _list_aims() -> list[str]:
    return [f"{verb} {thing} {when}" for verb, thing, when in product(_VERBS, _THINGS, _WHEN)]


def _list_purposes() -> list[str]:
    pairs = product(_list_aims(), PEOPLE)
    return [f"To {aim} with {people.lower()}" for aim, people in pairs]


def _list_periods() -> list[str]:
    years = [f"{number} years after {event}" for number, event in product(range(1, 41), _EVENTS)]
    months = [f"{number} months from {event}" for number, event in product(range(1, 61), _EVENTS)]
    return years + months


def _join(random: Random, words: Sequence[str], most: int, count: int) -> list[str]:
    """Return lists of one to some words, each list once."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["; ".join(random.sample(words, random.randint(1, most)))] = None
    return list(found)


def _shuffle(random: Random, texts: Sequence[str], count: int) -> list[str]:
    return list(islice(random.sample(texts, len(texts)), count))
