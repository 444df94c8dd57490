"""Migrations of all rooms: one Django app, so that a model can move between rooms without a migration."""
