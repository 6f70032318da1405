"""Ids that last, and what changed about who is who.

Belongs here: minting, keeping, retiring and importing ids, changes and their reasons, the map of any moment.
Must not go here: who belongs together (clustering/).
"""
