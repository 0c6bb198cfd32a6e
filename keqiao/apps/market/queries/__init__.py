from .documents import documents_of, needs_table, offers_table
from .faces import Face, face, faces
from .lists import listing_counts, listings_of, published, related_of, screening_queue, see

__all__ = [
    "Face",
    "documents_of",
    "face",
    "faces",
    "listing_counts",
    "listings_of",
    "needs_table",
    "offers_table",
    "published",
    "related_of",
    "screening_queue",
    "see",
]
