"""Billing: billing plans, invoices, credit notes, e-invoices."""
