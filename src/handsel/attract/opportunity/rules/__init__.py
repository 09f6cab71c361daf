"""Pure rules about opportunities: no database, no clock, no settings."""
