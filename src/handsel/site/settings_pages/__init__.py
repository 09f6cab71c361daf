"""Pages of the house itself: users, teams, keys, legal entities, the installation, oneself.

They stand in `site` because they put identity, party, document and the table of roles side by
side; what they change goes through the actions of those rooms.
"""
