"""What the market tells people, found by `keqiao.apps.post.notices`."""

from . import introductions, listings, searches

TOPICS = (*listings.TOPICS, *introductions.TOPICS, *searches.TOPICS)
NOTICES = (*listings.NOTICES, *introductions.NOTICES, *searches.NOTICES)
