"""What the database itself refuses to show to people from outside."""
