"""The official rules for e-invoices, run here and now, and told how many of them ran.

Read in this order: ``rulesets`` (which rules, from where, which version), ``engine`` (the one
XSLT processor), ``report`` (what is told), ``validate`` (a document against its rules), and
``check`` (any file a person has: detected, validated, and recomputed by our own arithmetic).
"""
