"""Measuring search and answers on questions whose answers are known, beside the usual ways to search."""
