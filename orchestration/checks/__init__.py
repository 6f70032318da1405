"""Checks on every arrow, built from the suites in expectations/."""
