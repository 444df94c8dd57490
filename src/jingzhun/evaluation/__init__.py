"""The third-party evaluation: whom to ask, what the answers say of everybody, and how sure that is."""
