"""What the market tells people, found by `keqiao.apps.post.notices`."""

from . import agreements, events, introductions, joining, listings, searches

PARTS = (listings, introductions, agreements, events, searches, joining)
TOPICS = tuple(topic for part in PARTS for topic in part.TOPICS)
NOTICES = tuple(notice for part in PARTS for notice in part.NOTICES)
