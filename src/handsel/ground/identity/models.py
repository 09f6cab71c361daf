"""Who may sign in and what they may do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class UserRepository(BaseUserManager["User"]):
    """Creates users; the framework asks for this class."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A user who can sign in once a password is set."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of our own house who signs in."""

    email = models.EmailField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserRepository] = UserRepository()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    rights: tuple[list[str], list[int]] | None = None
    """Roles and sellers, where they were read together with the user."""

    def __str__(self) -> str:
        return self.name

    # The sign-in library asks these of every user; there is no framework admin here.
    @property
    def is_staff(self) -> bool:
        """Nobody is staff in the framework's sense."""
        return False


class Team(models.Model):
    """A group of users that work one queue."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A user's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class UserRole(models.Model):
    """A role a user holds; what a role may do is declared in site/roles.py."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_role_once")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class ApiKey(models.Model):
    """A key for programs; only its hash is kept. It can do no more than its user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    token_hash = models.BinaryField(max_length=32, unique=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class LinkGrant(models.Model):
    """A link given to somebody outside: what it opens, what it allows, until when.

    Only the hash of (kind, token) is kept, so that a token of one kind opens no other.
    """

    kind = models.CharField(max_length=20)
    token_hash = models.BinaryField(max_length=32, unique=True)
    seller_id = models.BigIntegerField()
    object_id = models.BigIntegerField()
    verbs = ArrayField(models.CharField(max_length=20))
    recipient = models.CharField(max_length=200, default="")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    open_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id"], name="link_grant_object")]
        constraints = [
            models.CheckConstraint(name="link_grant_has_verbs", condition=~Q(verbs=[])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} link for {self.object_id}"
