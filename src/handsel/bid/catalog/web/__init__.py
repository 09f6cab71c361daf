"""Pages of the catalog: what can be sold."""

from __future__ import annotations

from django.urls import path

from handsel.bid.catalog.web import cost_import, costs, groups, imports, lists, record

urlpatterns = [
    path("", lists.product_list, name="list"),
    path("export.csv", lists.export, name="export"),
    path("new/", record.new, name="new"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/name/", groups.group_edit, name="group"),
    path("import/", imports.import_file, name="import"),
    path("import/<int:task_id>/", imports.import_task, name="import_task"),
    path("import/<int:task_id>/refused.csv", imports.import_refused, name="import_refused"),
    path("costs/import/", cost_import.costs_import, name="costs_import"),
    path("<int:product_id>/", record.record, name="record"),
    path("<int:product_id>/edit/", record.edit, name="edit"),
    path("<int:product_id>/lifecycle/", record.lifecycle, name="lifecycle"),
    path("<int:product_id>/costs/", costs.add, name="cost_add"),
    path("<int:product_id>/costs/<int:cost_id>/remove/", costs.remove, name="cost_remove"),
    path("<int:product_id>/text/", record.text, name="text"),
]
