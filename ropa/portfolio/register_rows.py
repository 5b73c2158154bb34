"""One row a register: what it is, what was found, how complete it is, on what transfers rest."""

import pandas as pd

from ropa.findings import SEVERITIES
from ropa.flows.activities import read_stated
from ropa.portfolio.tables import AUDITED, REFUSED, REGISTERS, SAFEGUARD_COLUMNS
from ropa.results import Result
from ropa.summaries import summarise
from ropa.transfers import SAFEGUARDS

_UNITED_STATES = "US"
_NONE = pd.Series(dtype="int64")


def list_registers(result: Result, live: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a register of an audit: the columns of `ropa.portfolio.tables.REGISTERS`.

    ``completeness`` is the share of what the live activities owe under Article 30 (one item an
    activity) that is stated or answered with "None"; missing where they owe nothing.

    Parameters
    ----------
    result : Result
        The audit of some registers.
    live : DataFrame
        Their live activities (`ropa.flows.activities.list_live`).
    flows : DataFrame
        Their flows (`ropa.portfolio.flow_rows.list_flows`).
    """
    frames = result.register.frames
    organisation = frames["organisation"].set_index("register")
    names = organisation.index
    counts = _count(result, live, flows)
    counted = {
        name: counts.get(name, _NONE).reindex(names).fillna(0).astype("int64")
        for name in REGISTERS.names
        if name in counts
    }
    stated = counted["items"] - counted["gaps"]
    owed = counted["items"].astype("float64")
    inputs = pd.DataFrame(
        [(one.register, one.layout) for one in result.register.inputs],
        columns=["register", "layout"],
    )
    layouts = inputs.drop_duplicates().groupby("register")["layout"].agg("; ".join)
    both = organisation["regimes_uk"] & organisation["regimes_eu"]
    regime = pd.Series("", index=names).mask(organisation["regimes_uk"], "uk")
    regime = regime.mask(organisation["regimes_eu"], "eu").mask(both, "both")
    rows = pd.DataFrame(counted).assign(
        name=read_stated(organisation, "name"),
        layout=layouts.reindex(names).fillna(""),
        regime=regime,
        regime_from=organisation["regimes_from"],
        completeness=stated / owed.where(owed > 0),
        sha256="",
        state=AUDITED,
        reason="",
    )
    return rows.reset_index()[list(REGISTERS.names)]


def _count(result: Result, live: pd.DataFrame, flows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what is counted of each register, by its name; one that has none may be left out."""
    findings = result.frames["findings"]
    severity = pd.crosstab(findings["register"], findings["severity"])
    items = summarise(result).activities
    verdicts = result.case.verdicts
    once = verdicts.drop_duplicates(["activity_key", "safeguard"])
    resting = pd.crosstab(once["register"], once["safeguard"])
    american = flows[(flows["flow"] == "transferred") & (flows["target_code"] == _UNITED_STATES)]
    sent = american.drop_duplicates(["register", "number", "source_kind", "source"])
    safeguards = zip(SAFEGUARD_COLUMNS, SAFEGUARDS, strict=True)
    return {
        "records": result.register.frames["activities"]["register"].value_counts(),
        "activities": live["register"].value_counts(),
        "special_activities": live.groupby("register")["special_category"].sum(),
        "findings": findings["register"].value_counts(),
        **{one: severity.get(one, _NONE) for one in SEVERITIES},
        "not_evaluated": result.frames["not_evaluated"]["register"].value_counts(),
        "items": items["register"].value_counts(),
        "gaps": items.loc[items["state"] == "gap", "register"].value_counts(),
        **{name: resting.get(one, _NONE) for name, one in safeguards},
        "us_transfers": sent["register"].value_counts(),
    }


def refuse_register(register: str, sha256: str, reason: str) -> pd.DataFrame:
    """Return the row of a register that could not be read or judged, with why."""
    told = dict.fromkeys(("name", "layout", "regime", "regime_from"), "")
    row = {"register": register, **told, "sha256": sha256, "state": REFUSED, "reason": reason}
    return pd.DataFrame([row]).reindex(columns=REGISTERS.names)
