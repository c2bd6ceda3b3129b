"""The shared tables: plans, businesses, their hosts, the template's dump, the jobs' pulse."""

from tenants.models.business import Business
from tenants.models.domain import Domain
from tenants.models.job_pulse import JobPulse
from tenants.models.operator_attempts import OperatorAttempts
from tenants.models.plan import Plan
from tenants.models.template_dump import TemplateDump

__all__ = ["Business", "Domain", "JobPulse", "OperatorAttempts", "Plan", "TemplateDump"]
