"""One module per kind of asset; each builds its assets from what its room declares."""
