"""Columns of a form that explain its labels: "What do you call it?" is no name of an activity."""

from ropa.phrases.matching import load_matcher
from ropa.recognise.form_sections import Form
from ropa.recognise.pages import Page
from ropa.recognise.rows import is_instruction

_LEAST = 3
_ABOVE = 2


def find_guidance(page: Page, form: Form) -> frozenset[int]:
    """Return the columns at the right of a form's labels that hold guidance.

    The heading above says so, or most of the texts are questions or instructions.
    """
    columns = range(form.column + 1, form.right + 1)
    return frozenset(
        column for column in columns if _is_headed(page, form, column) or _asks(page, form, column)
    )


def _is_headed(page: Page, form: Form, column: int) -> bool:
    """Tell whether the heading above a column of a form is "Guidance" or the like.

    It stands above the first label, or beside a heading of the labels ("Field").
    """
    first = form.rows[0]
    rows = range(first - 1, max(first - _ABOVE, 1) - 1, -1)
    above = next((text for row in rows if (text := page.text(row, column))), "")
    if _says(page.text(first, form.column), "label"):
        above = page.text(first, column)
    return _says(above, "guidance")


def _says(text: str, code: str) -> bool:
    words = load_matcher("form_guidance")
    return words.covers(text) and words.find_codes(text) == {code}


def _asks(page: Page, form: Form, column: int) -> bool:
    """Tell whether what stands beside the labels asks for something.

    Most of it where another column holds as much, which are the answers then; else all of it: half
    the values of a form may be prompts that nobody has replaced.
    """
    texts = _list_beside(page, form, column)
    asked = sum(text.endswith("?") or is_instruction(text) for text in texts)
    if len(texts) < _LEAST or asked * 2 <= len(texts):
        return False
    others = (one for one in range(form.column + 1, form.right + 1) if one != column)
    answered = any(len(_list_beside(page, form, one)) * 2 > len(texts) for one in others)
    return answered or asked == len(texts)


def _list_beside(page: Page, form: Form, column: int) -> list[str]:
    labelled = (row for row in form.rows if page.text(row, form.column))
    return [text for row in labelled if (text := page.text(row, column))]
