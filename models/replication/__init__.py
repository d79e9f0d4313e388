"""What a laptop and a server remember of each other: links, devices, codes, staged pages, parked rows.

The network itself is in `sync`; this is what survives between two contacts.
"""
