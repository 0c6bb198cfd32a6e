"""The forms of signing in, without the greyed words in the boxes: they repeat the labels and look like an entry."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User


class Plain:
    """Takes the placeholders out of a form that the sign-in library made."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Plain, allauth.LoginForm):
    pass


class SignupForm(Plain, allauth.SignupForm):
    """An account with a name; which organisation it belongs to is settled on the desk afterwards."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    field_order = ("name", "email", "password1", "password2")

    def clean(self) -> Any:
        """The library knows nothing of the name, which makes no password either."""
        cleaned = super().clean()
        given, password = self.cleaned_data, self.cleaned_data.get("password1")
        if password and not self.errors:
            try:
                validate_password(password, User(email=given["email"], name=given["name"]))
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


class ChangePasswordForm(Plain, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, allauth.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, allauth.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, allauth.ReauthenticateForm):
    pass
