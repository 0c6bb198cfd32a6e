from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):
    """An account with a name; which organisation it belongs to is settled on the desk afterwards."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    field_order = ("name", "email", "password1", "password2")
