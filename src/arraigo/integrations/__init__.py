"""Other people's interfaces on our store, an extra each; importing one wants its package."""
