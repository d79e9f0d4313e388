"""The demo compound: an invented 耐火小区, made by performing operations like any real one."""

from models.demo.make import is_demo, make_demo

__all__ = ["is_demo", "make_demo"]
