"""What stands at the head of a chart of an audit."""

from ropa.results import Result


def name_audited(audit: Result) -> str:
    """Return whose register was audited: the organisation's name, or how many registers."""
    rows = audit.register.frames["organisation"]
    if len(rows) == 1:
        return str(rows["name"].iloc[0] or rows["register"].iloc[0])
    return f"{len(rows)} registers"
