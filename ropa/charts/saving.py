"""The bytes of a figure: the same on every run and machine setting."""

from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from ropa.charts.palette import house_style
from ropa.errors import OutputError, UsageError

_PIXELS_PER_INCH = 200


def figure_svg(figure: Figure) -> bytes:
    """Return a figure as SVG; its label is the title, its description the text read aloud.

    Text stays text. Neither date, version nor anything drawn by lot is in it.
    """
    buffer = BytesIO()
    title = str(figure.get_label()) or "Chart"
    with house_style():
        metadata = {"Date": None, "Creator": None, "Title": title}
        figure.savefig(buffer, format="svg", metadata=metadata)
    head, end, rest = buffer.getvalue().partition(b"</title>\n")
    description = escape(getattr(figure, "description", ""))
    spoken = f" <desc>{description}</desc>\n" if description else ""
    return head.replace(b"<svg ", b'<svg role="img" ', 1) + end + spoken.encode() + rest


def figure_png(figure: Figure) -> bytes:
    """Return a figure as PNG of 200 pixels an inch, without date and version."""
    buffer = BytesIO()
    with house_style():
        figure.savefig(buffer, format="png", dpi=_PIXELS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure into a file, as the ending of its name says.

    Parameters
    ----------
    figure : Figure
        The figure.
    path : path
        Ends in ``.svg`` or ``.png``. A file of that name is replaced.

    Raises
    ------
    UsageError
        The ending is another.
    OutputError
        The file cannot be written.
    """
    path = Path(path)
    formats = {".svg": figure_svg, ".png": figure_png}
    if path.suffix.lower() not in formats:
        raise UsageError(f"{path}: no picture format: name a file that ends in .svg or .png")
    data = formats[path.suffix.lower()](figure)
    try:
        path.write_bytes(data)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"{path}: cannot write the picture: {reason}") from error
