"""Reads of organisations, people and users. Public reads give P0 fields only."""

from datetime import date

from django.db.models import Q, QuerySet

from .actors import Actor
from .models import Certificate, Membership, Organization, Person, User

PUBLIC_PERSON_FIELDS = ("key", "name", "title", "title_en", "title_band", "disciplines", "expertise", "expertise_en")


def organizations() -> QuerySet[Organization]:
    return Organization.objects.all()


def organization(key: str) -> Organization:
    """One body by its key; Organization.DoesNotExist if there is none."""
    return Organization.objects.select_related("parent").get(key=key)


def find_organizations(text: str) -> QuerySet[Organization]:
    """Bodies whose code, name or any other name holds the text."""
    found = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(uscc=text.strip().upper())
    other = Organization.objects.filter(names__name__icontains=text).values("pk")
    return Organization.objects.filter(found | Q(pk__in=other))


def organizations_of(actor: Actor) -> QuerySet[Organization]:
    return Organization.objects.filter(key__in=actor.organizations())


def certificates_in_force(organization: Organization, *, on: date) -> QuerySet[Certificate]:
    return organization.certificates.filter(issued_date__lte=on).exclude(expires_date__lte=on).order_by("kind")


def people_of(organization: Organization) -> QuerySet[Person]:
    """The experts of a body with what may be shown; phone and e-mail are not even read."""
    return organization.people.only(*PUBLIC_PERSON_FIELDS, "organization_id")


def users() -> QuerySet[User]:
    return User.objects.prefetch_related("memberships__organization").order_by("email")


def find_users(text: str) -> QuerySet[User]:
    return users().filter(Q(email__icontains=text) | Q(name__icontains=text))


def user(key: str) -> User:
    return User.objects.get(key=key)


def demo_users() -> QuerySet[User]:
    return (
        User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__organization").order_by("pk")
    )


def memberships_in_force(user: User, *, on: date) -> QuerySet[Membership]:
    return user.memberships.select_related("organization").filter(from_date__lte=on).exclude(to_date__lte=on)


def members_of(organization: Organization, *, on: date) -> QuerySet[Membership]:
    return organization.memberships.select_related("user").filter(from_date__lte=on).exclude(to_date__lte=on)
