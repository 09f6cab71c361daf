"""Addresses of the shell: the gallery, the palette, the search page."""

from django.urls import path

from handsel.site.shell import web

app_name = "shell"
urlpatterns = [
    path("", web.gallery, name="ui"),
    path("public/", web.public_gallery, name="ui_public"),
    path("error/<int:status>/", web.error_gallery, name="ui_error"),
    path("dialog/", web.dialog_sample, name="ui_dialog"),
    path("table/", web.table_sample, name="ui_table"),
    path("echo/", web.echo, name="ui_echo"),
    path("palette/", web.palette, name="palette"),
    path("search/", web.search, name="search"),
]
