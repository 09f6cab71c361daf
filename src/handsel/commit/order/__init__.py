"""Orders: the order desk, purchase-order match, holds and release."""
