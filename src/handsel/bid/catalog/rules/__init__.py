"""Pure rules of the catalog: what a product's facts may be, and how a file of them is read."""
