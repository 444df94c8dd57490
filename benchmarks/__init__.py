"""Measured figures: ratios to physical limits and to peers, one command each."""
