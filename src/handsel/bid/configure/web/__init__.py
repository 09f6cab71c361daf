"""Pages of the configurator: for staff, for whoever holds a link, and the modeller's workbench."""

from __future__ import annotations

from django.urls import path

from handsel.bid.configure.web import (
    around,
    commands,
    exchange,
    heads,
    lists,
    model_lists,
    outside,
    record,
    versions,
    workbench,
)

urlpatterns = [
    path("", lists.configurations, name="list"),
    path("new/<int:model_id>/", commands.begin, name="begin"),
    path("<int:configuration_id>/", record.record, name="record"),
    path("<int:configuration_id>/around/", around.around, name="around"),
    path("<int:configuration_id>/data/state/", record.state, name="state"),
    path("<int:configuration_id>/data/why/", record.why, name="why"),
    path("<int:configuration_id>/data/next/", record.question, name="question"),
    path("<int:configuration_id>/data/alternatives/", record.alternatives, name="alternatives"),
    path("<int:configuration_id>/data/variants/", record.variants, name="variants"),
    path("<int:configuration_id>/data/finish/", record.finish, name="finish"),
    path("<int:configuration_id>/data/<slug:name>/", record.command, name="command"),
    path("<int:configuration_id>/copy/", commands.copy, name="copy"),
    path("<int:configuration_id>/rename/", commands.rename, name="rename"),
    path("<int:configuration_id>/reopen/", commands.reopen, name="reopen"),
    path("<int:configuration_id>/share/", commands.share, name="share"),
    path("<int:configuration_id>/unshare/", commands.unshare, name="unshare"),
    path("<int:configuration_id>/customer/", commands.customer, name="customer"),
    path("<int:configuration_id>/hand-over/", commands.hand_over, name="hand_over"),
    path("models/", model_lists.models, name="models"),
    path("models/new/", model_lists.new, name="model_new"),
    path("laws/", model_lists.laws, name="laws"),
    path("laws/new/", model_lists.new_laws, name="laws_new"),
    path("models/<int:model_id>/", workbench.model, name="model"),
    path("models/<int:model_id>/settings/", heads.settings, name="model_settings"),
    path("models/<int:model_id>/draft/", workbench.begin_draft, name="model_draft"),
    path("models/<int:model_id>/<int:version_no>/", workbench.version, name="version"),
    path("models/<int:model_id>/<int:version_no>/check/", workbench.check, name="version_check"),
    path("models/<int:model_id>/<int:version_no>/save/", workbench.save, name="version_save"),
    path("models/<int:model_id>/<int:version_no>/test/", workbench.test, name="version_test"),
    path(
        "models/<int:model_id>/<int:version_no>/publish/", workbench.publish, name="version_publish"
    ),
    path("models/<int:model_id>/<int:version_no>/try/", versions.try_it, name="version_try"),
    path(
        "models/<int:model_id>/<int:version_no>/import/",
        exchange.import_file,
        name="version_import",
    ),
    path("models/<int:model_id>/<int:version_no>/uvl/", exchange.export, name="version_uvl"),
    path("models/<int:model_id>/<int:version_no>/table/", versions.table, name="version_table"),
    path(
        "models/<int:model_id>/<int:version_no>/compare/", versions.compare, name="version_compare"
    ),
    path("models/<int:model_id>/<int:version_no>/use/", workbench.roll_back, name="version_use"),
]

public_urlpatterns = [
    path("configure-it/<slug:key>/", outside.welcome, name="welcome"),
    path("configuration/<str:token>/", outside.page, name="shared"),
    path("configuration/<str:token>/data/state/", outside.state, name="state"),
    path("configuration/<str:token>/data/why/", outside.why, name="why"),
    path("configuration/<str:token>/data/next/", outside.question, name="question"),
    path("configuration/<str:token>/data/alternatives/", outside.alternatives, name="alternatives"),
    path("configuration/<str:token>/data/finish/", outside.finish, name="finish"),
    path("configuration/<str:token>/data/variants/", outside.variants, name="variants"),
    path("configuration/<str:token>/data/<slug:name>/", outside.command, name="command"),
]
