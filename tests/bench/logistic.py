"""Logistic regression by Newton's method (iteratively reweighted least squares), with a ridge penalty."""

from __future__ import annotations

from typing import Any

import numpy as np


def fit(matrix: Any, wanted: Any, weigh: Any, *, ridge: float, rounds: int = 50) -> Any:
    """Return the coefficients of the columns, the bias last.

    Args:
        matrix: rows × columns; its last column is all ones.
        wanted: 1.0 or 0.0 for each row.
        weigh: how much each row counts.
        ridge: of the penalty, as a share of all weights; the bias has none.
        rounds: steps of Newton's method.
    """
    beta = np.zeros(matrix.shape[1])
    penalty = ridge * weigh.sum() * np.eye(len(beta))
    penalty[-1, -1] = 0
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-matrix @ beta))
        slope = matrix.T @ (weigh * (chance - wanted)) + penalty @ beta
        bend = (matrix * (weigh * chance * (1 - chance) + 1e-9)[:, None]).T @ matrix + penalty
        beta -= np.linalg.solve(bend, slope)
    return beta
