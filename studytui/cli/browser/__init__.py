"""The interface in a browser: a page of our own, and a server that knows who may ask."""
