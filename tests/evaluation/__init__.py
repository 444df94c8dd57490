"""The third-party evaluation: whom to ask, how they were drawn, what came back."""
