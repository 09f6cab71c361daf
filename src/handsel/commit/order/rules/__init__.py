"""Pure rules of the order desk."""
