"""Choices of rows that have a name in both languages."""

from typing import Any

from django import forms

from keqiao.web.templatetags.keqiao import name_of


class NamedChoiceField(forms.ModelChoiceField):
    """A choice of rows, each under its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)
