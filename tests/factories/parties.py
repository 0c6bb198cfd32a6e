from datetime import timedelta

import factory

from keqiao.apps.parties.models import (
    Certificate,
    Fact,
    FactConsent,
    Membership,
    Organization,
    OrganizationName,
    Person,
    Role,
    Station,
    User,
)
from keqiao.engines.identifiers import make_uscc

from .base import MOMENT, Factory


class OrganizationFactory(Factory):
    class Meta:
        model = Organization

    # Far from the small numbers that other worlds of the tests count from.
    uscc = factory.Sequence(lambda n: make_uscc(authority="9", category="1", area="229999", serial=50_000_000 + n))
    key = factory.SelfAttribute("uscc")
    name = factory.Sequence(lambda n: f"演示精密机械{n}厂")
    name_en = factory.Sequence(lambda n: f"Demo Precision Works {n}")
    kind = "enterprise"
    area = "229901"
    created_at = MOMENT


class OrganizationNameFactory(Factory):
    class Meta:
        model = OrganizationName

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"演精{n}")
    kind = "short"


class CertificateFactory(Factory):
    class Meta:
        model = Certificate

    organization = factory.SubFactory(OrganizationFactory)
    kind = "hnte"
    issued_date = (MOMENT - timedelta(days=100)).date()


class FactFactory(Factory):
    """What the tax office states of a year, to be used for everything."""

    class Meta:
        model = Fact

    organization = factory.SubFactory(OrganizationFactory)
    name = "staff"
    year = 2025
    value = 30
    register = "税务"
    observed_on = (MOMENT - timedelta(days=100)).date()
    status = "confirmed"
    purposes = factory.LazyFunction(lambda: ["support", "statistics"])
    brought_by = "system:test"
    brought_at = MOMENT


class FactConsentFactory(Factory):
    class Meta:
        model = FactConsent

    organization = factory.SubFactory(OrganizationFactory)
    purpose = "support"
    given_by = "system:test"
    given_at = MOMENT


class PersonFactory(Factory):
    class Meta:
        model = Person

    key = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"甲{n}")
    organization = factory.SubFactory(OrganizationFactory)
    title_band = "senior"
    phone = "13800000000"
    created_at = MOMENT


class UserFactory(Factory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.invalid")
    name = factory.Sequence(lambda n: f"乙{n}")
    date_joined = MOMENT


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.EDITOR
    organization = factory.SubFactory(OrganizationFactory)
    from_date = (MOMENT - timedelta(days=30)).date()


class OfficerFactory(MembershipFactory):
    role = Role.OFFICER
    organization = None
    department = "science"
    area = "229901"


class SiteRoleFactory(MembershipFactory):
    """A role that holds everywhere: broker, auditor, administrator."""

    role = Role.ADMINISTRATOR
    organization = None


class StationFactory(Factory):
    class Meta:
        model = Station

    key = factory.Sequence(lambda n: f"st-{n}")
    kind = "station"
    name = factory.Sequence(lambda n: f"演示工作站{n}")
    area = "229901"
    created_at = MOMENT


class BrokerFactory(SiteRoleFactory):
    """A broker at a station."""

    role = Role.BROKER
    station = factory.SubFactory(StationFactory)
