from django.db import models

from .account import User


class FormerPassword(models.Model):
    """The hash of a password that somebody had before; it is only ever compared with a new one."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ("-ended_at", "-pk")
        indexes = [models.Index(fields=("user", "-ended_at"), name="parties_former_password")]
