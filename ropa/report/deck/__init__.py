"""board.pptx: what a board has to know of an audit, in eight slides at most."""

from ropa.report.deck.template import check_template
from ropa.report.deck.writing import write_deck

__all__ = ["check_template", "write_deck"]
