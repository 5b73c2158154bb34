"""Plain grids for the tests of recognition, and what was recognised in them."""

from made_sheets import recognise_sheets

from ropa.recognise import Block, Recognition
from ropa.workbook.cells import Sheet, make_sheet

HEADINGS = ["Purpose", "Data subjects", "Personal data", "Retention", "Recipients", "Lawful basis"]
PAY = [
    "Pay the staff",
    "Employees",
    "Bank details",
    "6 years",
    "HM Revenue and Customs",
    "Contract",
]
NEWS = ["Send the newsletter", "Subscribers", "Email address", "2 years", "Mailchimp", "Consent"]
DOOR = ["Watch the door", "Visitors", "CCTV images", "30 days", "Police", "Legitimate interests"]


def grid(*rows: list[str], name: str = "Sheet1", **more: object) -> Sheet:
    return make_sheet(name, rows, **more)  # type: ignore[arg-type]


def purposes(*sheets: Sheet) -> list[str]:
    """Return the purpose of each record that is recognised; normalising takes far longer."""
    blocks = [one for one in recognise_sheets(*sheets).blocks if one.table == "activities"]
    return [
        block.sheet.text(int(start), _find_purpose(block)) or ""
        for block in blocks
        for start in dict.fromkeys(block.starts.tolist())
    ]


def _find_purpose(block: Block) -> int:
    return next(one.column for one in block.headings if one.field == "purpose")


def mapped(recognition: Recognition) -> dict[str, str]:
    """Return heading to table.field, of those that are mapped."""
    return {
        one.text: f"{one.table}.{one.field}"
        for one in recognition.headings
        if one.status == "mapped"
    }


def whys(recognition: Recognition) -> str:
    return "\n".join(f"{one.sheet}: {one.why}" for one in recognition.ignored)


COSTS = [["Item", "Quantity", "Unit price", "Total"], ["Licences", "10", "20", "200"]]
RISKS = [
    ["Risk ID", "Risk description", "Likelihood", "Impact", "Risk score", "Mitigation"],
    ["1", "Loss of data", "3", "4", "12", "Back-ups"],
]
LISTS = [["Lawful bases", "Countries"], ["Consent", "France"], ["Contract", "Germany"]]
TUTORIAL = [["How to fill in this register"], ["State the purpose and the retention of the data."]]
