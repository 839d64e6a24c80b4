"""The forms of the club."""

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User


class SignUpForm(UserCreationForm):
    """Django's own, with an address."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "email")


class CodeForm(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(max_length=6)
