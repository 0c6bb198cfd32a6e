import factory

from keqiao.apps.post.models import Delivery, Destination, Notification, Preference, Switch

from .base import MOMENT, Factory
from .parties import UserFactory


class PreferenceFactory(Factory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)


class SwitchFactory(Factory):
    class Meta:
        model = Switch

    user = factory.SubFactory(UserFactory)
    topic = "listing.decided"
    channel = "email"
    mode = "daily"


class DestinationFactory(Factory):
    class Meta:
        model = Destination

    user = factory.SubFactory(UserFactory)
    channel = "wecom"
    values = {"robot": "0000-1111-2222"}
    created_at = MOMENT


class NotificationFactory(Factory):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    entry = factory.Sequence(lambda n: 1000 + n)
    topic = "listing.decided"
    title = factory.Sequence(lambda n: f"需求已发布：题目 {n}")
    title_en = factory.Sequence(lambda n: f"Need published: title {n}")
    link = "/needs/N-1/"
    at = MOMENT


class DeliveryFactory(Factory):
    class Meta:
        model = Delivery

    user = factory.SubFactory(UserFactory)
    channel = "email"
    due_at = MOMENT
    created_at = MOMENT
