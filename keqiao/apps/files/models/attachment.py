"""Files that people attach to things. The thing is named by its stable key, as in the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """One file of one thing. The bytes lie in the store under their digest; equal files lie there once."""

    key = models.CharField(max_length=24, unique=True)
    subject = models.CharField(max_length=120, db_index=True)
    purpose = models.CharField(max_length=30, blank=True)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(_("上传时间"))
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}"
