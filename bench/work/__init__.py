"""The work itself; imported only once Django stands on the bench's database."""
