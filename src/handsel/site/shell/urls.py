"""Addresses of the shell: the gallery, the palette, the search page."""

from django.urls import path

from handsel.site.shell import web

app_name = "shell"
urlpatterns = [
    path("", web.gallery, name="ui"),
    path("record/", web.record_gallery, name="ui_record"),
    path("public/", web.public_gallery, name="ui_public"),
    path("error/<int:status>/", web.error_gallery, name="ui_error"),
    path("dialog/", web.dialog_sample, name="ui_dialog"),
    path("echo/", web.echo, name="ui_echo"),
    path("board/", web.board_sample, name="ui_board"),
    path("suggestions/", web.suggestions_sample, name="ui_suggestions"),
    path("palette/", web.palette, name="palette"),
    path("embed/configurator.js", web.embedded, name="embedded"),
    path("search/", web.search, name="search"),
]
