"""Insight: KPIs with drill-down; reads only."""
