"""Pure rules about parties: how contact points are written down to be compared."""
