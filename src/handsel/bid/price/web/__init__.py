"""Pages of price books."""

from __future__ import annotations

from django.urls import path

from handsel.bid.price.web import (
    agreeing,
    agreement_import,
    agreements,
    book_life,
    books,
    discounts,
    entries,
    entry_import,
    mass_change,
    rates,
    term_edit,
    terms,
    why,
)

urlpatterns = [
    path("", books.book_list, name="list"),
    path("new/", book_life.new, name="new"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreeing.agree, name="agree"),
    path("agreements/import/", agreement_import.agreements_import, name="agreements_import"),
    path("agreements/of/<int:organization_id>/", agreements.agreed_with, name="agreed_with"),
    path("agreements/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("agreements/<int:agreement_id>/change/", agreeing.change, name="agreement_change"),
    path(
        "agreements/<int:agreement_id>/take-back/",
        agreeing.take_back,
        name="agreement_take_back",
    ),
    path("agreements/<int:agreement_id>/end/", agreeing.end, name="agreement_end"),
    path("rates/", rates.rate_list, name="rates"),
    path("rates/add/", rates.rate_add, name="rate_add"),
    path("rates/import/", rates.rates_import, name="rates_import"),
    path("why/", why.why, name="why"),
    path("of-product/<int:product_id>/", why.of_product, name="of_product"),
    path("<int:book_id>/", books.record, name="record"),
    path("<int:book_id>/head/", book_life.head, name="head"),
    path("<int:book_id>/copy/", book_life.copy, name="copy"),
    path("<int:book_id>/publish/", book_life.publish, name="publish"),
    path("<int:book_id>/retire/", book_life.retire, name="retire"),
    path("<int:book_id>/products/", entries.products, name="products"),
    path("<int:book_id>/entries/import/", entry_import.entries_import, name="entries_import"),
    path("<int:book_id>/entries.csv", entry_import.entries_file, name="entries_file"),
    path("<int:book_id>/entries/add/", entries.entry_add, name="entry_add"),
    path("<int:book_id>/entries/<int:product_id>/", entries.entry_set, name="entry_set"),
    path(
        "<int:book_id>/entries/<int:product_id>/remove/",
        entries.entry_remove,
        name="entry_remove",
    ),
    path("<int:book_id>/terms/", terms.terms, name="terms"),
    path("<int:book_id>/terms/new/<slug:kind>/", term_edit.term_new, name="term_new"),
    path("<int:book_id>/terms/<int:term_id>/", term_edit.term_edit, name="term_edit"),
    path("<int:book_id>/terms/<int:term_id>/remove/", terms.term_remove, name="term_remove"),
    path("<int:book_id>/change/", mass_change.change, name="change"),
    path("<int:book_id>/rules/add/", discounts.rule_add, name="rule_add"),
    path("<int:book_id>/rules/<int:rule_id>/remove/", discounts.rule_remove, name="rule_remove"),
]
