"""The web application: the register, its people and its trail, on Django. It asks the core through ``bridge`` only."""
