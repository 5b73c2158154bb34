"""The flows of an audit, read once for all its pictures and words."""

from ropa.charts.flow_columns import FlowSet, read_table
from ropa.flows.building import FlowTable, tabulate_flows
from ropa.rules.case import Case


def tabulate_case(case: Case) -> FlowTable:
    """Return the complete flows of what was audited, judged on its date.

    Ask for it through ``case.once(tabulate_case)``: it is made once.
    """
    return tabulate_flows(
        case.register, as_of=case.as_of, law=case.law, complete=True, verdicts=case.verdicts
    )


def read_case(case: Case) -> FlowSet:
    """Return the same flows as columns that can be drawn, to be asked for likewise."""
    return read_table(case.once(tabulate_case))
