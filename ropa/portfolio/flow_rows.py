"""The flows of registers as plain rows, with what each transfer relies on."""

import pandas as pd

from ropa.flows.building import list_flow_rows
from ropa.flows.vendors import is_vague
from ropa.portfolio.reliance import find_reliance
from ropa.portfolio.tables import FLOWS
from ropa.rules.case import Case


def list_flows(case: Case, live: pd.DataFrame) -> pd.DataFrame:
    """Return the flows of the live activities: the columns of `ropa.portfolio.tables.FLOWS`.

    ``number`` counts the activities of a register from 0, those that are not live included.
    ``named`` tells whether the target is somebody: "contractors" with no role may be anyone.
    """
    register = case.register
    rows = list_flow_rows(register, live, case.as_of, case.law, verdicts=case.verdicts)
    relied = find_reliance(register, case.verdicts, case.as_of, case.law)
    keyed = pd.MultiIndex.from_frame(rows[["key", "regime"]])
    falls = relied.set_index(["key", "regime"])["falls_with"].reindex(keyed).set_axis(rows.index)
    activities = register.frames["activities"]
    numbers = activities.groupby("register", sort=False).cumcount().to_numpy()
    ends = {
        name: rows[end].str[at]
        for end in ("source", "target")
        for name, at in ((f"{end}_kind", 1), (end, 2))
    }
    flows = rows.assign(
        **ends,
        number=rows["activity_key"].map(pd.Series(numbers, index=activities["key"])),
        falls_with=falls.where(rows["flow"] == "transferred", ""),
        named=~is_vague(rows["label"], rows["role"]) & (rows["label"].str.strip() != ""),
        target_label=rows["label"],
        target_code=rows["code"],
    )
    ordered = flows.sort_values(["register", "number"], kind="stable", ignore_index=True)
    return ordered[list(FLOWS.names)]
