"""The edges of the flow graph as frames: one row an activity's flow from a node to a node."""

import re
from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropa.flows.activities import JOINT, join_items, name_organisations, read_special, read_stated
from ropa.flows.words import ORGANISATION, PARTY, PLACE, SUBJECTS, UNIDENTIFIED, UNNAMED, Node
from ropa.lawbook import Law
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.phrases.place_names import country_name
from ropa.register import Register, find_cells, locate
from ropa.transfers import judge_transfers

VERDICT = ("regime", "safeguard", "rule", "instrument")
"""What an edge into a country bears with a date."""

_CARRIED = [
    "register",
    "activity_id",
    "activity",
    "activity_role",
    "purpose",
    "data_subjects",
    "data_categories",
    "special_category",
    "controllers",
]
_NAME_END = re.compile(r"[,;:|(\n\r]| [-\u2013\u2014] ")
_NO_NAME = re.compile(r"@|[0-9]{4}")
_WORLD = "WORLD"


def list_disclosures(register: Register, live: pd.DataFrame) -> pd.DataFrame:
    """Return the flows from the organisation to a party, and from a party to its sub-processor.

    Returns
    -------
    DataFrame
        One row a live activity's recipient; none where the cell says that there is none.
    """
    rows = register.frames["recipients"]
    rows = rows[rows["activity_key"].isin(live.index) & (rows["recipient_state"] != "none")]
    via = read_stated(rows, "via")
    edges = _carry(rows, live)
    return _narrow_data(edges, rows).assign(
        flow=pd.Series("disclosed", rows.index).where(via == "", "passed on"),
        source=make_nodes(rows["register"], PARTY, via).where(via != "", _own(register, rows)),
        target=make_nodes(rows["register"], PARTY, read_stated(rows, "recipient")),
        source_label=via,
        label=read_stated(rows, "recipient"),
        role=rows["role_code"],
        code="",
        table="recipients",
        field="recipient",
    )


def list_entries(
    register: Register,
    live: pd.DataFrame,
    as_of: date | None,
    law: Law,
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the flows into a country: one row a transfer, and with a date one a regime as well.

    The verdicts of that day are made unless they are given.
    """
    rows = register.frames["transfers"]
    rows = rows[rows["activity_key"].isin(live.index)]
    # What an activity says of its transfers in general goes to the recipients that it names.
    general = (rows["origin"] == "activities") & (rows["country_code"] == "")
    rows = rows[~general | ~rows["activity_key"].isin(rows.loc[~general, "activity_key"])]
    beside = register.frames["recipients"].set_index("key").reindex(rows["recipient_key"])
    names = read_stated(beside.fillna({"recipient": ""}), "recipient").set_axis(rows.index)
    edges = _narrow_data(_carry(rows, live), beside.set_axis(rows.index))
    places = rows["country_code"].map(lambda code: country_name(code) or code or UNIDENTIFIED)
    places = places.where(rows["country_code"] != _WORLD, "Worldwide")
    typed = (rows["country_kind"] == "unknown") & (rows["country"].str.strip() != "")
    places = places.where(~typed, rows["country"].str.strip())
    own = _own(register, rows)
    edges = edges.assign(
        flow="transferred",
        source=make_nodes(rows["register"], PARTY, names).where(names != "", own),
        target=make_nodes(rows["register"], PLACE, places),
        source_label=names,
        label=places,
        code=rows["country_code"],
        role="",
        country_kind=rows["country_kind"],
        mechanism=beside["transfer_mechanism"].fillna("").astype("str").to_numpy(),
        table="transfers",
        field=rows["origin"].map({"recipients": "country"}).fillna("transfers"),
        origin=rows["origin"],
    )
    if as_of is None:
        return edges
    judged = judge_transfers(register, as_of, law) if verdicts is None else verdicts
    judged = judged.rename(columns={"safeguard_rule": "rule"})
    return edges.merge(judged[["key", *VERDICT]], on="key", how="left")


def list_surroundings(
    register: Register, live: pd.DataFrame, disclosed: pd.DataFrame
) -> pd.DataFrame:
    """Return whence the data come and who decides with the organisation.

    Groups of data subjects and the controllers on whose behalf a processor acts, each to the
    organisation; the organisation to the joint controller that an activity's own cell names first,
    unless it is a recipient of the activity anyway.
    """
    frame = register.frames["activities"]
    frame = frame[frame["key"].isin(live.index)]
    frame = frame.assign(activity_key=frame["key"])
    carried = _carry(frame, live)
    joint = map_texts(read_stated(frame, "joint_controller"), _name_first).astype("str")
    clients = live["controllers"].reindex(frame["key"]).set_axis(frame.index)
    clients = clients.where(frame["role_code"] == "processor", "")
    parts = [
        _list_items(register, carried, carried["data_subjects"]).assign(
            flow="collected", field="data_subjects", kind=SUBJECTS, role=""
        ),
        _list_items(register, carried, clients).assign(
            flow="on behalf", field="on_behalf_of", kind=PARTY, role="controller"
        ),
        _list_items(register, carried, joint).assign(
            flow="jointly", field="joint_controller", kind=PARTY, role="joint controller"
        ),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(table="activities", code="")
    rows["target"] = make_nodes(rows["register"], rows["kind"], rows["label"], unnamed="")
    inward = rows["flow"] != "jointly"
    known = set(zip(disclosed["activity_key"], disclosed["target"], strict=True))
    shared = rows.loc[~inward, ["activity_key", "target"]].itertuples(index=False, name=None)
    kept = inward.to_numpy(dtype=bool, copy=True)
    kept[~kept] = [one not in known for one in shared]
    rows = rows[kept].drop(columns="kind")
    turned = rows.rename(columns={"source": "target", "target": "source"})
    turned = turned.rename(columns={"label": "source_label", "source_label": "label"})
    inward = rows["flow"] != "jointly"
    return pd.concat([turned[inward], rows[~inward]], ignore_index=True)


def add_cells(register: Register, edges: pd.DataFrame) -> pd.DataFrame:
    """Return edges with ``file``, ``sheet``, ``row`` and ``cell`` of what they rest on."""
    places = locate(register, find_cells(register, edges[["table", "key", "field"]]))
    known = places["cell"] != ""
    moved = {name: places[name].where(known, edges[name]) for name in ("file", "sheet", "row")}
    return edges.assign(**moved, cell=places["cell"])


def make_nodes(
    registers: pd.Series, kinds: "pd.Series | str", names: pd.Series, unnamed: str = UNNAMED
) -> pd.Series:
    """Return a node for each name: register, kind and the name as it is compared.

    A node is made once, however many edges it has.
    """
    given = pd.Series(kinds, index=names.index) if isinstance(kinds, str) else kinds
    parts = [pd.factorize(one) for one in (registers, given, names)]
    joined = np.zeros(len(names), dtype=np.int64)
    for numbers, values in parts:
        joined = joined * max(len(values), 1) + numbers
    each, first = np.unique(joined, return_index=True)
    owners, words, texts = (values.take(numbers[first]) for numbers, values in parts)
    nodes = zip(owners, words, (fold(text) or unnamed for text in texts), strict=True)
    return pd.Series(_hold(nodes)[np.searchsorted(each, joined)], index=names.index, dtype="object")


def _hold(nodes: Iterable[Node]) -> npt.NDArray[np.object_]:
    """Return nodes as an array of tuples: numpy would make a table of them."""
    held = list(nodes)
    made = np.empty(len(held), dtype=object)
    for at, node in enumerate(held):
        made[at] = node
    return made


def _carry(rows: pd.DataFrame, live: pd.DataFrame) -> pd.DataFrame:
    """Return what the edges of rows carry of their activity, with where they stand."""
    carried = live[_CARRIED].reindex(rows["activity_key"]).set_axis(rows.index)
    kept = rows[["key", "activity_key", "file", "sheet", "row"]]
    return pd.concat([kept, carried], axis=1).assign(categories_from="activity")


def _narrow_data(edges: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Take the categories that a recipient's row states in place of the activity's.

    They are special category data if one is; they are not only where each is known for another.
    """
    stated = read_stated(rows.fillna({"data_categories": ""}), "data_categories")
    told = map_texts(stated, read_special).astype("str")
    own = stated != ""
    lists = map_texts(stated, join_items).astype("str")
    special = (edges["special_category"] & (told != "no")) | (told == "yes")
    return edges.assign(
        data_categories=edges["data_categories"].where(~own, lists),
        special_category=special,
        categories_from=edges["categories_from"].where(~own, "recipient"),
    )


def _own(register: Register, rows: pd.DataFrame) -> pd.Series:
    """Return the node of the organisation of each row."""
    names = name_organisations(register)
    numbers, owners = pd.factorize(rows["register"])
    nodes = _hold((one, ORGANISATION, names[one]) for one in owners)
    return pd.Series(nodes[numbers], index=rows.index, dtype="object")


def _list_items(register: Register, rows: pd.DataFrame, lists: pd.Series) -> pd.DataFrame:
    """Return one row an item of a list, with the organisation as source."""
    items = rows.assign(
        source=_own(register, rows), source_label="", label=lists.str.split(JOINT)
    ).explode("label", ignore_index=True)
    items["label"] = items["label"].fillna("").astype("str")
    return items[items["label"] != ""]


def _name_first(text: str) -> str:
    """Return the name at the start of a cell with a name and contact details; empty for none."""
    name = " ".join(_NAME_END.split(text.strip(), maxsplit=1)[0].split())
    return "" if _NO_NAME.search(name) else name
