"""Pure rules of the warehouse: allocation, quantities, promise dates, counting."""
