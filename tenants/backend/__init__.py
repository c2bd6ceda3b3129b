"""The database backend of the product: django-tenants' with the business from the context."""
