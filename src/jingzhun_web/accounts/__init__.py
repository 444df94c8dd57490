"""People, their posts in regions with dates, and THE one access function (``access.decide``)."""
