"""Services that are spoken to over the network, one file each."""
