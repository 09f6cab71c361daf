"""Pages of the lead room: thin, by the same actions as the API."""

from __future__ import annotations

from django.urls import path

from handsel.attract.lead.web import commands, forms, imports, lists, new, public, record

urlpatterns = [
    path("", lists.lead_list, name="list"),
    path("export.csv", lists.lead_export, name="export"),
    path("take/", lists.take_many, name="take_many"),
    path("spam/", lists.spam_many, name="spam_many"),
    path("new/", new.lead_new, name="new"),
    path("forms/", forms.form_list, name="forms"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<int:form_id>/", forms.form_edit, name="form"),
    path("imports/", imports.imports, name="imports"),
    path("imports/upload/", imports.upload, name="import_upload"),
    path("imports/<int:import_id>/columns/", imports.look, name="import_look"),
    path("imports/<int:import_id>/start/", imports.start, name="import_start"),
    path("imports/<int:import_id>/", imports.lead_import, name="import"),
    path("imports/<int:import_id>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<int:import_id>/stop/", imports.import_stop, name="import_stop"),
    path("imports/<int:import_id>/refused.csv", imports.import_refused, name="import_refused"),
    path("<int:lead_id>/", record.lead_record, name="record"),
    path("<int:lead_id>/reply/", commands.reply, name="reply"),
    path("<int:lead_id>/contact/", commands.log_contact, name="contact"),
    path("<int:lead_id>/qualify/", commands.qualify, name="qualify"),
    path("<int:lead_id>/disqualify/", commands.disqualify, name="disqualify"),
    path("<int:lead_id>/assign/", commands.assign, name="assign"),
    path("<int:lead_id>/reopen/", commands.reopen, name="reopen"),
    path("<int:lead_id>/who/<int:recognition_id>/", commands.decide, name="decide"),
]

public_urlpatterns = [
    path("form/<slug:key>/", public.form, name="form"),
    path("form/<slug:key>/thanks/", public.thanks, name="thanks"),
]
