from .entries import add_entry, edit_entry, strike_entry

__all__ = ["add_entry", "edit_entry", "strike_entry"]
