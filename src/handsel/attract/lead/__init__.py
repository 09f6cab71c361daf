"""Leads: inquiries, capture, sources, identity, first response, qualification."""
