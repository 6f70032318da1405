"""One writer per system, each in the shape that the vendor's API or export really has. Who exists, and what a system
believes of them, is decided before (population.py, impressions.py)."""
