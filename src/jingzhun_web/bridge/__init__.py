"""The one door to the core: nothing else in the web application imports it."""
