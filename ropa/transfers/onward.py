"""Onward transfers: to whom the parties of an activity pass data on, as the register records it.

A link is one row of the recipients that says through which processor a sub-processor gets the
data. Links that one activity records tell where the same processor takes the data of another.
Whole tables are joined, once for each step of the longest chain.
"""

import pandas as pd

_SEEN = ["activity_key", "name"]


def trace_onward(parties: pd.DataFrame, links: pd.DataFrame, shared: pd.DataFrame) -> pd.DataFrame:
    """Return whom the parties of each activity reach that the activity does not list.

    Parameters
    ----------
    parties : DataFrame
        One row a party that an activity lists: ``register``, ``activity_key``, ``key``, ``name``,
        ``form``, and ``passes``, whether links are followed from it.
    links : DataFrame
        One row a link: ``register``, ``link`` (its key), ``label`` (the activity that records it),
        ``via_name`` and ``via_form`` of the processor, ``name`` and ``form`` of the sub-processor,
        ``recipient`` as typed, and ``bound``, whether only some categories of data pass it.
    shared : DataFrame
        ``key`` of a party and ``link``: the pairs that have a category of data in common.

    Returns
    -------
    DataFrame
        One row an activity and party reached, the shortest chain first: ``register``,
        ``activity_key``, ``key`` of the party listed, ``link`` of the last step, ``name``,
        ``recipient``, ``labels`` (the activities that record the steps, joined by a comma) and
        ``through`` (the parties between, likewise).
    """
    carried = pd.MultiIndex.from_frame(shared[["key", "link"]])
    seen = parties[_SEEN]
    frontier = parties[parties["passes"]].drop(columns="passes")
    frontier = frontier.assign(labels="", through="", recipient="")
    found = [frontier.iloc[:0].assign(link=0)]
    while len(frontier):
        steps = _follow(frontier, links)
        pairs = pd.MultiIndex.from_frame(steps[["key", "link"]])
        steps = steps[~steps["bound"] | pairs.isin(carried)].drop(columns="bound")
        known = pd.MultiIndex.from_frame(steps[_SEEN]).isin(pd.MultiIndex.from_frame(seen))
        steps = steps[~known].drop_duplicates(_SEEN)
        seen = pd.concat([seen, steps[_SEEN]])
        found.append(steps)
        frontier = steps.drop(columns="link")
    return pd.concat(found, ignore_index=True)


def _follow(frontier: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each link that leads on from a party, with the sub-processor as party."""
    here = frontier.rename(columns={"name": "via_name", "form": "from_form", "recipient": "last"})
    steps = here.merge(links, on=["register", "via_name"], how="inner")
    same = (
        (steps["from_form"] == steps["via_form"])
        | (steps["from_form"] == "")
        | (steps["via_form"] == "")
    )
    steps = steps[same].sort_values(["key", "link"], kind="stable")
    # A label that the chain names already is not said again.
    said = [
        label in labels.split(", ")
        for labels, label in zip(steps["labels"], steps["label"], strict=True)
    ]
    joined = (steps["labels"] + ", " + steps["label"]).str.removeprefix(", ")
    through = (steps["through"] + ", " + steps["last"]).str.removeprefix(", ")
    return steps.assign(
        labels=steps["labels"].where(pd.Series(said, index=steps.index, dtype=bool), joined),
        through=through.where(steps["last"] != "", steps["through"]),
    ).drop(columns=["via_name", "via_form", "from_form", "last", "label"])
