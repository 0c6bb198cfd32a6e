"""What can be imported of the market: needs, offers, and what was done before there was this system."""

from .needs import NeedImport
from .offers import OfferImport
from .projects import ProjectImport

KINDS = (NeedImport(), OfferImport(), ProjectImport())
