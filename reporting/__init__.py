"""Pages that stand alone: the report on a generation, and what every page and chart of the platform shares.

Belongs here: the frame of a page, charts, the report's sections over what is published.
Must not go here: figures that no table holds (dbt_project/models/measures), or personal values.
"""
