"""How does a request become a result page? Imports `index`, never `web`."""
