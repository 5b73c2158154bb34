"""Templates as data: each file is complete, and the workbook of related tables is put together."""

import pytest
from made_sheets import make_grid, make_register, recognise_sheets

from ropa.recognise.templates import Template, load_templates
from ropa.schema import DATA_TABLES, read_fields
from ropa.workbook.cells import Sheet, make_sheet

FIELDS = frozenset(f"{one.table}.{one.name}" for one in read_fields())


def test_the_templates_that_are_known() -> None:
    names = [one.name for one in load_templates()]
    assert names == [
        *("article-30", "cnil", "fides-datamap", "house", "ico-controller", "relational"),
    ]


@pytest.mark.parametrize("template", load_templates(), ids=lambda one: one.name)
def test_a_template_names_fields_of_the_dictionary(template: Template) -> None:
    held = {heading.name for sheet in template.sheets for heading in sheet.headings}
    assert held - {""} <= FIELDS
    assert {sheet.table for sheet in template.sheets} <= set(DATA_TABLES)
    assert all(0 < sheet.enough <= len(sheet.headings) for sheet in template.sheets)
    assert template.role in ("", "controller", "processor")
    assert template.regime in ("", "uk", "eu")
    for sheet in template.sheets:
        assert {f"{sheet.table}.{name}" for name in sheet.constants} <= FIELDS


def make_tables(key: str = "Processing id") -> tuple[Sheet, ...]:
    def grid(name: str, *rows: dict[str, str]) -> Sheet:
        return make_grid(
            name, [{key if one == "#" else one: row[one] for one in row} for row in rows]
        )

    return (
        grid(
            "Processing",
            {"Id": "1", "Name": "Payroll", "Security": "Encryption"},
            {"Id": "2", "Name": "Newsletter", "Security": "Access control"},
        ),
        grid(
            "Purposes",
            {"#": "2", "Purpose": "Send news", "Legal basis": "Consent"},
            {"#": "1", "Purpose": "Pay staff", "Legal basis": "Contract"},
            {"#": "2", "Purpose": "Measure its reach", "Legal basis": "Legitimate interests"},
        ),
        grid(
            "Data subjects",
            {"#": "1", "Category": "Employees"},
            {"#": "2", "Category": "Customers"},
            {"#": "2", "Category": "Prospects"},
        ),
        grid(
            "Personal data",
            {"#": "1", "Category": "Bank details", "Sensitive": "No", "Retention": "6 years"},
            {"#": "2", "Category": "E-mail address", "Sensitive": "No", "Retention": "2 years"},
        ),
        grid("Contractors", {"#": "2", "Name": "Mailchimp", "Contract": "DPA-7"}),
        grid(
            "Transfers",
            {"#": "2", "Recipient": "Mailchimp", "Country": "US", "Safeguards": "SCCs"},
        ),
    )


def test_related_tables_become_one_register() -> None:
    recognition = recognise_sheets(*make_tables())
    assert (recognition.layout, recognition.ignored) == ("relational", ())
    register = make_register(*make_tables())
    activities = register.activities.set_index("activity")
    assert list(activities.index) == ["Payroll", "Newsletter"]
    assert activities.loc["Newsletter", "purpose"] == "Send news\nMeasure its reach"
    assert activities.loc["Payroll", "lawful_basis"] == "Contract"
    assert activities.loc["Newsletter", "data_subjects"] == "Customers\nProspects"
    items = register.data_items[["data_category", "retention_days", "activity_key"]]
    assert items.to_numpy().tolist() == [["Bank details", 2190, 0], ["E-mail address", 730, 1]]


def test_a_contractor_and_its_transfer_are_one_recipient() -> None:
    rows = make_register(*make_tables()).recipients
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["recipient"], row["role_code"]) == ("Mailchimp", "processor")
    assert (row["contract_reference"], row["country"]) == ("DPA-7", "US")
    assert row["transfer_mechanism"] == "SCCs"


def test_tables_that_share_no_key_are_not_joined() -> None:
    register = make_register(*make_tables("Remark"))
    assert list(register.activities["activity"]) == ["Payroll", "Newsletter"]
    assert list(register.activities["purpose_state"]) == ["absent", "absent"]
    assert set(register.recipients["activity_key"]) == {-1}
    assert set(register.issues["problem"]) == {"no activity bears this id"}
    ignored = {one.sheet: one.why for one in recognise_sheets(*make_tables("Remark")).ignored}
    assert set(ignored) == {"Purposes", "Data subjects"}
    assert "no column names the activity" in ignored["Purposes"]


def test_a_sheet_named_activities_is_no_house_workbook_by_itself() -> None:
    headings = ["Activity", "Purpose", "Why lawful", "Whose data", "What data", "Retention"]
    row = ["Payroll", "Pay the staff", "Contract", "Staff", "Bank details", "6 years"]
    more = ["", "", "", "", "Tax code", ""]
    sheet = make_sheet("Activities", [headings, row, more])
    assert recognise_sheets(sheet).layout == "other"
    assert list(make_register(sheet).activities["data_categories"]) == ["Bank details\nTax code"]
    own = make_sheet("Activities", [["Activity", "Purpose", "Retention"], row[:3], row[3:]])
    assert recognise_sheets(own).layout == "house"


def test_a_list_of_choices_is_no_form() -> None:
    labels = ["Recipient", "Purpose of use", "Role", "Lawful basis", "Retention", "Notes"]
    rows = [[f"Activities: {one}", text] for one in labels for text in ("first", "second")]
    recognition = recognise_sheets(make_sheet("Choices", [["List", "Offers"], *rows]))
    assert (recognition.is_register, recognition.blocks) == (False, ())
