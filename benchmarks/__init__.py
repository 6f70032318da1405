"""Side-by-side measurements, one command each; `make bench` prints them all with the machine's description.

Belongs here: what is timed and against what. Must not go here: tests; no test asserts a time.
Concept: machines differ and drift, so a figure stands beside a peer or the bare library in the same run, as a ratio.
"""
