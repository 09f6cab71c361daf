"""What needs somebody's hand today, asked of the rooms that know; the first page shows it."""
