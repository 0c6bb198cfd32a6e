"""What can be imported of the register: bodies, their certificates, their people, their facts."""

from .certificates import CertificateImport
from .facts import FactImport
from .organizations import OrganizationImport
from .people import PersonImport

KINDS = (OrganizationImport(), PersonImport(), CertificateImport(), FactImport())
