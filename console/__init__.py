"""What people see: customers, staff at the counter, managers, and sign-up."""
