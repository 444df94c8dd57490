"""Jingzhun: from the register of households to the verified exit, every figure traced to its rows."""

__version__ = "0.1.0"
