"""Parties: sellers, organizations, persons, addresses, contact points."""
