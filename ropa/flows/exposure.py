"""Where the data go and on what that rests: transfers, countries, safeguards."""

from typing import TYPE_CHECKING

import pandas as pd

from ropa.errors import UsageError
from ropa.flows.frames import count_activities, make_frame, select_transfers
from ropa.flows.words import PARTY
from ropa.phrases.places import find_places
from ropa.transfers import SAFEGUARDS

if TYPE_CHECKING:
    import networkx as nx

TRANSFER_COLUMNS = (
    "register",
    "activity_id",
    "activity",
    "recipient",
    "country",
    "country_code",
    "special_category",
    "data_subjects",
    "data_categories",
    "mechanism",
    "regime",
    "safeguard",
    "rule",
    "instrument",
    "file",
    "sheet",
    "cell",
)
"""The columns of `list_transfers`."""

_UNITED_STATES = "US"
_COUNTRY_COLUMNS = (
    "register",
    "country",
    "country_code",
    "activities",
    "activity_share",
    "special_activities",
    "special_share",
    "recipients",
)
_SAFEGUARD_COLUMNS = (
    "register",
    "regime",
    "safeguard",
    "meaning",
    "activities",
    "activity_share",
    "special_activities",
    "special_share",
    "recipients",
    "countries",
)


def list_transfers(graph: "nx.MultiDiGraph", *, country: str | None = None) -> pd.DataFrame:
    """List the transfers of a flow graph, home countries too.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`.
    country : str, optional
        A country's code or name (``"US"``, ``"India"``), or that of a group or body; ``""`` for
        transfers whose country is not identified. A group is not taken apart: a transfer to
        "the EU" is none to Ireland, and one to "worldwide" none to the United States.

    Returns
    -------
    DataFrame
        One row a transfer and, in a graph with a date, regime; the columns of `TRANSFER_COLUMNS`,
        in the order of the register. ``recipient`` is empty where a country is stated without one,
        and what a date alone gives (``regime`` to ``instrument``) where the graph has none.

    Raises
    ------
    UsageError
        The country is none that is known.
    """
    rows = select_transfers(graph)
    if country is not None:
        rows = rows[rows["country_code"] == _read_country(country)]
    return make_frame(_order(rows), TRANSFER_COLUMNS)


def list_us_transfers(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """List the transfers to the United States: `list_transfers` for that country.

    Transfers whose country is not identified, or is "worldwide", may go there as well and are not
    among them: see ``list_transfers(graph, country="")`` and ``country="worldwide"``.
    """
    return list_transfers(graph, country=_UNITED_STATES)


def measure_countries(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Measure the exposure to each country: how much of the processing sends data there.

    The share of a country is the number of live activities with at least one flow into it, by the
    number of all live activities of the register. An activity that sends data into two countries
    counts for both, so that shares need not add up to one.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`, with or without a date.

    Returns
    -------
    DataFrame
        One row a register and country, the most activities first: ``country``, ``country_code``
        (empty where it is not identified), ``activities``, ``activity_share`` (0 to 1),
        ``special_activities`` (where special category data are or may be among what goes there),
        ``special_share`` (of the register's activities with such data), ``recipients`` (that are
        named and receive data there). Empty where no country is stated. Where the register has no
        such activity but a recipient's row names such data, the share is 0.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c).
    """
    rows = select_transfers(graph)
    by = ["register", "country", "country_code"]
    found = count_activities(graph, rows, by).merge(_count_parties(rows, by), on=by, how="left")
    order = found.sort_values(
        ["register", "activities", "country"], ascending=[True, False, True], kind="stable"
    )
    return make_frame(order.fillna({"recipients": 0}), _COUNTRY_COLUMNS)


def measure_safeguards(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Measure on what the transfers rest: the activities by the verdict on their safeguard.

    An activity whose transfers rest on several counts for each, so that shares need not add up to
    one; so it does under each regime by which its register is judged.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph` with a date.

    Returns
    -------
    DataFrame
        One row a register, regime and safeguard, in the order of `ropa.transfers.SAFEGUARDS`:
        ``meaning`` in words, and the counts of `measure_countries`, with ``countries``. Empty where
        no transfer is stated.

    Raises
    ------
    UsageError
        The graph has transfers and no date.

    References
    ----------
    GDPR Arts 44 to 49; UK GDPR Arts 44A to 49.
    """
    rows = select_transfers(graph)
    if len(rows) and not graph.graph.get("as_of"):
        raise UsageError("the flow graph has no verdicts: build it with as_of, the day to judge on")
    by = ["register", "regime", "safeguard"]
    found = count_activities(graph, rows, by).merge(_count_parties(rows, by), on=by, how="left")
    countries = rows.groupby(by)["country"].nunique().rename("countries").reset_index()
    found = found.merge(countries, on=by, how="left").fillna({"recipients": 0})
    ranks = {one: at for at, one in enumerate(SAFEGUARDS)}
    order = found.assign(
        rank=found["safeguard"].map(ranks), meaning=found["safeguard"].map(SAFEGUARDS)
    ).sort_values(["register", "regime", "rank"], ascending=[True, False, True], kind="stable")
    return make_frame(order, _SAFEGUARD_COLUMNS)


def _count_parties(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    parties = rows[rows["source_kind"] == PARTY]
    return parties.groupby(by)["source"].nunique().rename("recipients").reset_index()


def _order(rows: pd.DataFrame) -> pd.DataFrame:
    by = ["register", "activity_key", "file", "sheet", "row", "country", "regime"]
    return rows.sort_values(by, ascending=[True] * 6 + [False], kind="stable")


def _read_country(text: str) -> str:
    if not text.strip():
        return ""
    codes = {place.code for place in (*find_places(text), *find_places(text.upper()))} - {""}
    if len(codes) != 1:
        raise UsageError(f"{text!r} is no country that is known: give its code, such as US")
    return codes.pop()
