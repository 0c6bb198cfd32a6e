"""What can be imported of the register: bodies, their certificates, their people."""

from .certificates import CertificateImport
from .organizations import OrganizationImport
from .people import PersonImport

KINDS = (OrganizationImport(), PersonImport(), CertificateImport())
