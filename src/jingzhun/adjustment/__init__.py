"""Flows between two registers: opening stock plus events must give the closing stock, in every division."""

from jingzhun.adjustment.flows import flow_steps

__all__ = ["flow_steps"]
