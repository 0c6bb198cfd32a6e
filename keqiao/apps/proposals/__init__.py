"""Proposals, the replies to them, and what became of the promises in the replies."""
