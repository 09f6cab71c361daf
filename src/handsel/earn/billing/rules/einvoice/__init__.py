"""Electronic invoices by EN 16931: our model of one, its two syntaxes, and our own arithmetic.

Read in this order:

- ``codes``: the code lists that we use ourselves, by name;
- ``model``: an invoice as the standard sees it (BT and BG are its own numbers), amounts exact;
- ``calculate``: VAT breakdown, totals and deposits of an agreed gross amount, computed;
- ``arithmetic``: the same recomputed from any invoice, to the cent, with findings;
- ``ubl`` and ``cii``: an invoice written as UBL 2.1 or UN/CEFACT CII, and read back;
- ``facturx``: CII inside a PDF/A-3, put in and taken out.

What the official rules say of a file is asked of ``billing.adapters.validator``.
"""
