"""Pure functions of billing: no database, no clock, no settings."""
