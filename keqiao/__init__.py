"""Keqiao 科桥, the operating system of a regional innovation market."""

__version__ = "0.1.0"
