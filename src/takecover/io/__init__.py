"""Every file format read or written, one per module."""
