"""Catalog: what can be sold, in which unit, with which tax category."""
