from .documents import documents_of, needs_table, offers_table
from .faces import Face, face, faces
from .introduction_faces import (
    IntroductionFace,
    MessageFace,
    SideFace,
    introduction_face,
    introduction_faces,
    message_faces,
)
from .introductions import (
    by_urgency,
    introduced_keys,
    introduction,
    introductions_for,
    is_in_charge,
    is_introduced,
    late,
    mine,
    of_sides,
    of_station,
    ownerless,
    waiting_for,
)
from .lists import in_order, listing_counts, listings_of, newest, published, related_of, screening_queue, see
from .projects import projects
from .searches import hits_of, moments_of, searches_of
from .stations import StationFigures, station_figures, stations_of
from .training import TrainingRow, training_rows

__all__ = [
    "Face",
    "IntroductionFace",
    "MessageFace",
    "SideFace",
    "StationFigures",
    "TrainingRow",
    "by_urgency",
    "documents_of",
    "face",
    "faces",
    "hits_of",
    "in_order",
    "introduced_keys",
    "introduction",
    "introduction_face",
    "introduction_faces",
    "introductions_for",
    "is_in_charge",
    "is_introduced",
    "late",
    "listing_counts",
    "listings_of",
    "message_faces",
    "mine",
    "moments_of",
    "needs_table",
    "newest",
    "of_sides",
    "of_station",
    "offers_table",
    "ownerless",
    "projects",
    "published",
    "related_of",
    "screening_queue",
    "searches_of",
    "see",
    "station_figures",
    "stations_of",
    "training_rows",
    "waiting_for",
]
