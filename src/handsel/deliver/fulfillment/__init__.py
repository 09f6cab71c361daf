"""Fulfillment: stock moves, reservations, shipments, proof of delivery."""
