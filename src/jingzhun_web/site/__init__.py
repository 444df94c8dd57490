"""The roof: settings, addresses, navigation, shared templates, health, and how the server is started."""
