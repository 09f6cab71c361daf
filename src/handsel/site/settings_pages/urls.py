"""Addresses of the settings, under `/settings/`."""

from __future__ import annotations

from django.urls import path

from handsel.site.settings_pages import installation, keys, profile, sellers, teams, users

app_name = "settings"
urlpatterns = [
    path("users/", users.user_list, name="users"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:user_id>/", users.user_record, name="user"),
    path("users/<int:user_id>/deactivate/", users.user_off, name="user_off"),
    path("users/<int:user_id>/reactivate/", users.user_on, name="user_on"),
    path("users/<int:user_id>/link/", users.user_link, name="user_link"),
    path("users/<int:user_id>/keys/<int:key_id>/revoke/", users.key_revoke, name="user_key_revoke"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.team_new, name="team_new"),
    path("teams/<int:team_id>/", teams.team_record, name="team"),
    path("sellers/", sellers.seller_list, name="sellers"),
    path("sellers/<int:seller_id>/", sellers.seller_record, name="seller"),
    path("sellers/<int:seller_id>/accounts/", sellers.account_add, name="account_add"),
    path(
        "sellers/<int:seller_id>/accounts/<int:account_id>/prefer/",
        sellers.account_prefer,
        name="account_prefer",
    ),
    path("sellers/<int:seller_id>/registrations/", sellers.registration_set, name="registration"),
    path("installation/", installation.overview, name="installation"),
    path("installation/release/", installation.release, name="release"),
    path("keys/", keys.key_list, name="keys"),
    path("keys/<int:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("profile/", profile.profile, name="profile"),
]
