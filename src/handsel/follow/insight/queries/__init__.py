"""Reads of this room: it has no tables of its own and counts nothing twice."""

from handsel.follow.insight.queries.reports import kpi_report, overview, pipeline_history
from handsel.follow.insight.queries.rows import clean_member_facts

__all__ = ["clean_member_facts", "kpi_report", "overview", "pipeline_history"]
