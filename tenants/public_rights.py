"""What the application and its job worker may do with each table of `public`.

The web writes what it has to and no more: what the worker believes (schedules, results, which
django-q unpickles as they are read) and who is an operator come from elsewhere.
"""

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_READ = "SELECT"

APPLICATION = {
    # Operators are made and changed by commands, which act as the owner.
    "accounts_user": "SELECT, UPDATE (last_login)",
    "auth_group": _READ,
    "auth_group_permissions": _READ,
    "auth_permission": _READ,
    "django_admin_log": "SELECT, INSERT",
    "django_content_type": _READ,
    "django_migrations": _READ,
    "django_q_ormq": _ALL,
    "django_q_schedule": _READ,
    "django_q_task": _READ,
    "django_session": _ALL,
    # Businesses are made by the owner, and never deleted.
    "tenants_business": "SELECT, UPDATE",
    "tenants_domain": _ALL,
    "tenants_jobpulse": _ALL,
    "tenants_operatorattempts": "SELECT, INSERT, UPDATE",
    "tenants_plan": _ALL,
    "tenants_templatedump": _READ,
}

# Beside what the application may.
JOB_WORKER = {
    # One that is to run once is deleted when it has: refused, it would keep all others waiting.
    "django_q_schedule": "UPDATE, DELETE",
    "django_q_task": "INSERT, UPDATE, DELETE",
}
