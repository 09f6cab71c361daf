"""Pure rules about leads: no database, no clock, no settings."""
