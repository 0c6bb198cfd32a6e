from .documents import documents_of, needs_table, offers_table
from .faces import Face, face, faces
from .lists import in_order, listing_counts, listings_of, newest, published, related_of, screening_queue, see

__all__ = [
    "Face",
    "documents_of",
    "face",
    "faces",
    "in_order",
    "listing_counts",
    "listings_of",
    "needs_table",
    "newest",
    "offers_table",
    "published",
    "related_of",
    "screening_queue",
    "see",
]
