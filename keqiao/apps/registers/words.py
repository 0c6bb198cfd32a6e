"""Names of the catalogue in the language of whoever reads them."""

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from keqiao.catalogue.labels import Labelled


def said(thing: Labelled) -> str:
    return thing.label(get_language() or "zh-hans")


_lazily = lazy(said, str)


def words(thing: Labelled) -> Promise | str:
    """The name, chosen when it is shown."""
    return _lazily(thing)
