"""Who reaches which table: our own people, or a buyer as well, and then which rows.

A table that stands in neither list fails a test, so that nobody forgets the question. What a buyer
reaches has the policy `portal_reach` (laid down in a migration); the role `handsel_portal` can read
it and nothing else, and only of the customer named for the transaction (`ground/platform/reach`).
"""

from __future__ import annotations

# Table -> the rows a buyer sees of it, in words; the migrations say it in SQL.
CUSTOMER: dict[str, str] = {
    "quote_quote": "quotes to his organization",
    "quote_quoteversion": "versions of them that were presented; drafts never",
    "quote_quoteline": "lines of those versions",
    "quote_quoteacceptance": "acceptances of those versions",
    "quote_quotemessage": "what was asked and answered on his quotes",
    "catalog_product": "products that stand on those lines",
    "party_seller": "who offers to him",
    "party_organization": "his own organization",
    "platform_storedfile": "the documents and bytes of those versions and acceptances",
}

# Tables of libraries, by the beginning of their names: our own people only.
LIBRARIES = ("account_", "auth_", "django_", "mfa_", "procrastinate_")

STAFF: frozenset[str] = frozenset(
    [
        "billing_billingplan",
        "billing_billingplanitem",
        "billing_invoice",
        "billing_invoicedocument",
        "billing_invoiceline",
        "billing_invoiceprepayment",
        "billing_invoicesending",
        "billing_invoicetax",
        "billing_validationreport",
        "cash_allocation",
        "cash_bankentry",
        "cash_bankstatement",
        "cash_payment",
        "cash_receivablebalance",
        "cash_receivableentry",
        "catalog_producttext",
        "configure_configuration",
        "configure_configurationmodel",
        "configure_modelversion",
        "document_mail",
        "fulfillment_deliverytolerance",
        "fulfillment_reservation",
        "fulfillment_shipment",
        "fulfillment_shipmentline",
        "fulfillment_stockitem",
        "fulfillment_stockmove",
        "fulfillment_warehouse",
        "identity_apikey",
        "identity_linkgrant",
        "identity_team",
        "identity_teammember",
        "identity_user",
        "identity_userrole",
        "lead_capturecount",
        "lead_captureform",
        "lead_interaction",
        "lead_lead",
        "lead_leadimport",
        "lead_qualification",
        "lead_recognition",
        "lead_refusedrow",
        "lead_touch",
        "ledger_journalentry",
        "ledger_journalline",
        "ledger_ledgeraccount",
        "ledger_ledgerperiod",
        "opportunity_activity",
        "opportunity_committeemember",
        "opportunity_opportunity",
        "opportunity_pipeline",
        "opportunity_savedview",
        "opportunity_stage",
        "opportunity_stagechange",
        "order_order",
        "order_orderhold",
        "order_orderline",
        "order_purchaseorderline",
        "party_address",
        "party_affiliation",
        "party_contactpoint",
        "party_organizationdomain",
        "party_person",
        "party_sellerbankaccount",
        "party_sellermember",
        "party_sellertaxregistration",
        "platform_businessevent",
        "platform_eventobject",
        "platform_idempotencykey",
        "platform_installationstate",
        "platform_longtask",
        "platform_numberseries",
        "price_pricebook",
        "price_priceentry",
        "price_pricerule",
    ]
)
