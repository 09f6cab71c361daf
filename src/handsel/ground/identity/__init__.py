"""Identity: users, teams, roles, permissions, API keys, link grants, sign-in."""
