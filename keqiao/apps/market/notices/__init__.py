"""What the market tells people, found by `keqiao.apps.post.notices`."""

from . import introductions, listings

TOPICS = (*listings.TOPICS, *introductions.TOPICS)
NOTICES = (*listings.NOTICES, *introductions.NOTICES)
