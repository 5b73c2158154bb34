"""Roles, capacities of recipients, regimes, the state of an activity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases.roles import (
    read_capacity,
    read_recipient_role,
    read_regimes,
    read_role,
    read_status,
)
from ropa.vocabulary import read_vocabulary


@pytest.mark.parametrize(
    ("text", "roles"),
    {
        "Controller": ("controller",),
        "data controller": ("controller",),
        "DATA_CONTROLLER": ("controller",),
        "Independent controller": ("controller",),
        "Joint controller": ("joint controller",),
        "joint-controllers": ("joint controller",),
        "Controller (joint)": ("joint controller",),
        "Processor": ("processor",),
        "Sub-processor": ("processor",),
        "data controller/processor": ("controller", "processor"),
        "Controller and processor": ("controller", "processor"),
        "Controller / joint controller": ("controller", "joint controller"),
        "processor (client is controller)": ("processor",),
        "Processor on behalf of the controller": ("processor",),
        "processor, not controller": ("processor",),
        "not controller": (),
        "supplier": (),
        "controlled document": (),
        "": (),
    }.items(),
)
def test_the_role_is_read(text: str, roles: tuple[str, ...]) -> None:
    assert read_role(text) == roles


@pytest.mark.parametrize(
    ("text", "role"),
    {
        "Processor": "processor",
        "third party (processor)": "processor",
        "Sub-processor": "sub-processor",
        "sub-processor of our processor": "sub-processor",
        "Joint controller": "joint controller",
        "independent controller": "controller",
        "public authority": "authority",
        "Regulator": "authority",
        "authority (controller)": "authority",
        "own staff": "internal",
        "Internal": "internal",
        "Other": "other",
        "third party": "other",
        "controller/processor": "",
        "supplier": "",
        "": "",
    }.items(),
)
def test_the_capacity_of_a_recipient_is_read(text: str, role: str) -> None:
    assert read_recipient_role(text) == role


@pytest.mark.parametrize(
    ("text", "regimes"),
    {
        "UK GDPR": {"uk"},
        "Data Protection Act 2018": {"uk"},
        "EU GDPR": {"eu"},
        "Regulation (EU) 2016/679": {"eu"},
        "GDPR (EU)": {"eu"},
        "UK GDPR and, for people in the EEA, EU GDPR": {"uk", "eu"},
        "EU and UK GDPR": {"uk", "eu"},
        "UK GDPR; EU GDPR": {"uk", "eu"},
        "Both": {"uk", "eu"},
        "UK": {"uk"},
        "UK GDPR, not EU GDPR": {"uk"},
        "GDPR": set(),
        "UK company": set(),
        "Data Protection Act 1998": set(),
        "": set(),
    }.items(),
)
def test_the_regimes_are_read(text: str, regimes: set[str]) -> None:
    assert read_regimes(text) == regimes


@pytest.mark.parametrize(
    ("text", "status"),
    {
        "Live": "live",
        "active": "live",
        "In use": "live",
        "Ended": "ended",
        "inactive": "ended",
        "not active": "ended",
        "no longer in use": "ended",
        "Proposed": "proposed",
        "not yet live": "proposed",
        "planned for 2027": "proposed",
        "live since 2019; ended 2022": "",
        "not live": "",
        "under review": "",
        "deliver": "",
        "": "",
    }.items(),
)
def test_the_status_is_read(text: str, status: str) -> None:
    assert read_status(text) == status


def test_every_choice_of_the_drop_downs_is_read() -> None:
    for row in read_vocabulary("choices"):
        value = row["value"]
        if row["list"] == "role":
            assert read_role(value) == (value.casefold(),)
        if row["list"] == "recipient_role":
            assert read_recipient_role(value) == value.casefold()
        if row["list"] == "status":
            assert read_status(value) == value.casefold()
        if row["list"] == "regime":
            assert len(read_regimes(value)) == value.count("GDPR")


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert set(read_role(text)) <= {"controller", "joint controller", "processor"}
    assert read_regimes(text) <= {"uk", "eu"}
    assert read_status(text) in {"", "live", "ended", "proposed"}
    assert isinstance(read_recipient_role(text), str)


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Processors used", "processor"),
        ("Processors (if any)", "processor"),
        ("Processor(s)", "processor"),
        ("Name and address of processor", "processor"),
        ("Third-party processors", "processor"),
        ("Processors and sub-processors", "processor"),
        ("Sub-processors", "sub-processor"),
        ("Sous-traitants", "processor"),
        ("Joint controllers", "joint controller"),
        ("Recipients and processors", ""),
        ("Recipients (including processors)", ""),
        ("Processor / recipient", ""),
        ("Suppliers and processors", ""),
        ("Destinataires / sous-traitants", ""),
        ("Suppliers", ""),
    ],
)
def test_a_heading_gives_a_capacity_to_all_that_stands_below(heading: str, code: str) -> None:
    assert read_capacity(heading) == code
