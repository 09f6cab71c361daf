"""Tables follow the stream: keys point backward, have no way back, and names carry units."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from handsel import stream

ROOMS = {room.name: room for room in stream.ROOMS}


def ours() -> list[type[models.Model]]:
    """The models of rooms."""
    return [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def relations() -> Iterator[tuple[str, str, Any]]:
    """Where each of our relations is, the room it lies in, and the field."""
    for model in ours():
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not hasattr(field, "remote_field"):
                continue
            if field.model is not model and field.model not in ours():
                continue  # declared by a base of the framework
            yield f"{model.__name__}.{field.name}", model._meta.app_label, field


def test_every_room_with_tables_is_an_application_in_stream_order() -> None:
    labels = [one.label for one in apps.get_app_configs() if one.label in ROOMS]
    assert labels == [room.name for room in stream.ROOMS if room.is_django_app]


def test_keys_point_backward() -> None:
    ahead = []
    for place, label, field in relations():
        target = field.related_model._meta.app_label
        if target in ROOMS and target not in stream.may_import(ROOMS[label]):
            ahead.append(f"{place} points at {target}, which {label} may not look at")
    assert not ahead


def test_keys_have_no_way_back() -> None:
    found = [
        f"{place} has related_name={field.remote_field.related_name!r}"
        for place, _, field in relations()
        if not field.remote_field.hidden and "auth" not in field.related_model._meta.app_label
    ]
    assert not found


def test_nothing_points_by_generic_keys() -> None:
    found = [
        place for place, _, field in relations() if type(field).__name__ == "GenericForeignKey"
    ]
    assert not found


def test_money_is_whole_minor_units_beside_a_currency() -> None:
    wrong = []
    for model in ours():
        fields = {field.name: field for field in model._meta.fields}
        for name, field in fields.items():
            if isinstance(field, models.FloatField):
                wrong.append(f"{model.__name__}.{name} is a float")
            if name.endswith("_minor") and not isinstance(field, models.BigIntegerField):
                wrong.append(f"{model.__name__}.{name} is no BigIntegerField")
            if name.endswith("_bps") and not isinstance(field, models.IntegerField):
                wrong.append(f"{model.__name__}.{name} is no integer")
    assert not wrong


def test_names_of_times_say_what_they_are() -> None:
    wrong = []
    for model in ours():
        for field in model._meta.local_fields:
            instant = isinstance(field, models.DateTimeField)
            day = isinstance(field, models.DateField) and not instant
            endings = ("_at", "_from", "_until") if instant else ("_on", "_from", "_until")
            given = field.name in ("last_login", "date_joined")
            if (instant or day) and not given and not field.name.endswith(endings):
                wrong.append(f"{model.__name__}.{field.name} should end with one of {endings}")
    assert not wrong


def test_keys_are_big() -> None:
    small = [
        f"{model.__name__}.{model._meta.pk.name}"
        for model in ours()
        if model._meta.pk is not None
        and isinstance(model._meta.pk, models.AutoField)
        and not isinstance(model._meta.pk, models.BigAutoField)
    ]
    assert not small
