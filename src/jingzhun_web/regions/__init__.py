"""Divisions with the days they are in force. Below ``accounts``: where a region lies decides who may see it."""
