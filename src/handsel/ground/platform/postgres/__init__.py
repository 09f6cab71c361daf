"""Django's database backend, named as ENGINE in the settings: statements are written once."""
