"""What is told about firms' facts and about where policies leave them; each part beside this holds its own."""

from . import facts, standings

PARTS = (standings, facts)
TOPICS = tuple(topic for part in PARTS for topic in part.TOPICS)
NOTICES = tuple(notice for part in PARTS for notice in part.NOTICES)
