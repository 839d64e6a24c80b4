"""What the club keeps of its members beside Django's own accounts."""

from django.conf import settings
from django.db import models


class Address(models.Model):
    """The address of a member, and whether he has shown that he reads it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    code = models.CharField(max_length=6)
    verified = models.BooleanField(default=False)
