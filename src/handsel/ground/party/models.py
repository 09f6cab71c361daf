"""Who we are and who everybody else is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Seller(models.Model):
    """One of our legal entities: its books, its numbers, its clock."""

    name = models.CharField(max_length=100)
    legal_name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")
    country = models.CharField(max_length=2)
    street = models.CharField(max_length=200)
    postcode = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    email = models.EmailField(max_length=200)
    phone = models.CharField(max_length=50, default="")
    website = models.CharField(max_length=200, default="")
    registration_number = models.CharField(max_length=50, default="")
    electronic_address = models.CharField(max_length=100, default="")
    electronic_address_scheme = models.CharField(max_length=10, default="EM")

    def __str__(self) -> str:
        return self.name


class SellerTaxRegistration(models.Model):
    """A VAT registration of a seller in a country."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)
    vat_id = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "country"], name="one_vat_id_per_country")
        ]

    def __str__(self) -> str:
        return self.vat_id


class SellerBankAccount(models.Model):
    """A bank account of a seller; statements and payment instructions name it."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    iban = models.CharField(max_length=34, unique=True)
    bic = models.CharField(max_length=11, default="")
    bank_name = models.CharField(max_length=100, default="")
    currency = models.CharField(max_length=3)
    is_default = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.iban


class SellerMember(models.Model):
    """A user who works for a seller and sees its records."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "user"], name="one_seat")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.seller_id}"


class Organization(models.Model):
    """A company or authority outside our house: prospect, customer, supplier."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, default="")
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, default="")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8, default="en")
    vat_id = models.CharField(max_length=20, default="")
    registration_number = models.CharField(max_length=50, default="")
    website = models.CharField(max_length=200, default="")
    segment = models.CharField(max_length=50, default="")
    price_segment = models.CharField(max_length=50, default="")
    # As price books name it: what a reseller's discounts hold for.
    partner_tier = models.CharField(max_length=40, default="", db_default="")
    payment_days = models.PositiveSmallIntegerField(default=30)
    credit_limit_minor = models.BigIntegerField(null=True)
    buyer_reference = models.CharField(max_length=100, default="")
    electronic_address = models.CharField(max_length=100, default="")
    electronic_address_scheme = models.CharField(max_length=10, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_customer = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["name"], name="organization_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationDomain(models.Model):
    """A mail domain of an organization, by which its people are recognized."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    domain = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("domain"), name="one_owner_per_domain")]

    def __str__(self) -> str:
        return self.domain


class Person(models.Model):
    """A human being outside our house."""

    given_name = models.CharField(max_length=100, default="")
    family_name = models.CharField(max_length=100, default="")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["name"], name="person_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A person's role in an organization for a while (half-open)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=100, default="")
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organization_id}"


class ContactPoint(models.Model):
    """A mail address or phone number, normalized, of a person or an organization."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    normalized = models.CharField(max_length=200, db_index=True)
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_point_kind", condition=Q(kind__in=["email", "phone"])
            ),
            models.CheckConstraint(
                name="contact_point_of_one",
                condition=Q(person__isnull=False, organization__isnull=True)
                | Q(person__isnull=True, organization__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "normalized"], name="contact_point_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Address(models.Model):
    """A postal address of an organization; documents keep their own copy."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200, default="")
    street = models.CharField(max_length=200)
    street_extra = models.CharField(max_length=200, default="")
    postcode = models.CharField(max_length=20, default="")
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, default="")
    country = models.CharField(max_length=2)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="address_kind", condition=Q(kind__in=["billing", "shipping"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.street}, {self.city}"
