"""Pages of the warehouse: thin, by the same actions as the API."""

from __future__ import annotations

from django.urls import path

from handsel.deliver.fulfillment.web import desk, items, load, shipments, stock

urlpatterns = [
    path("", desk.shipping_desk, name="list"),
    path("ship/", load.ship, name="ship"),
    path("orders/<int:order_id>/ship-all/", load.ship_all, name="ship_all"),
    path("shipments/", shipments.shipment_list, name="shipments"),
    path("shipments/export.csv", shipments.shipment_export, name="shipments_export"),
    path("<int:shipment_id>/", shipments.shipment_record, name="record"),
    path("<int:shipment_id>/deliver/", shipments.deliver, name="deliver"),
    path("<int:shipment_id>/delivery-note/", shipments.delivery_note, name="note"),
    path("<int:shipment_id>/proof/", shipments.proof, name="proof"),
    path("stock/", stock.stock_list, name="stock"),
    path("stock/export.csv", stock.stock_export, name="stock_export"),
    path("stock/receive/", stock.receive, name="receive"),
    path("stock/count/", stock.count, name="count"),
    path("stock/warehouse/", stock.warehouse_new, name="warehouse_new"),
    path("stock/<int:stock_item_id>/", items.stock_item, name="stock_item"),
]
