import factory

from keqiao.apps.market.models import SavedSearch, SearchHit

from .base import MOMENT, Factory
from .parties import UserFactory


class SavedSearchFactory(Factory):
    class Meta:
        model = SavedSearch

    key = factory.Sequence(lambda n: f"S{n:09d}")
    user = factory.SubFactory(UserFactory)
    listing = "need"
    name = factory.Sequence(lambda n: f"查询 {n}")
    values = {"q": "光纤激光器"}
    seen_at = created_at = MOMENT


class SearchHitFactory(Factory):
    class Meta:
        model = SearchHit

    search = factory.SubFactory(SavedSearchFactory)
    listing_key = factory.Sequence(lambda n: f"N{n:09d}")
    at = MOMENT
