"""Pages of this room: all KPIs, one KPI, the rows behind a figure."""

from django.urls import path

from handsel.follow.insight.web import pages

urlpatterns = [
    path("", pages.kpi_list, name="list"),
    path("<slug:key>/", pages.kpi_page, name="kpi"),
    path("<slug:key>/rows/", pages.kpi_rows, name="rows"),
    path("<slug:key>/rows.csv", pages.kpi_csv, name="csv"),
]

__all__ = ["urlpatterns"]
