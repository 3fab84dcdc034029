"""Fits of Python's peers: peers.py PEER FOLDER RESULT TOLERANCE CALLS

FOLDER holds the rows as bench/measure.R writes them: y, and either the dense design matrix x (by
columns, the intercept first) or the parts p, i, x of a compressed sparse column matrix. RESULT
gets, as text: the seconds a call, the peak of resident memory in MB above that before it (nan where
the system does not show it), the number of columns of the coefficients, and the coefficients.
"""

import os
import sys
import time
import warnings

import numpy as np


def read_rows(folder):
    """The design matrix, dense in the order that is fastest for Python or sparse, and y."""
    path = lambda name: os.path.join(folder, name)
    y = np.fromfile(path("y"))
    values = np.fromfile(path("x"))
    if not os.path.exists(path("i")):
        return np.ascontiguousarray(values.reshape((len(y), -1), order="F")), y
    from scipy import sparse

    starts = np.fromfile(path("p"), dtype=np.int32)
    rows = np.fromfile(path("i"), dtype=np.int32)
    return sparse.csc_matrix((values, rows, starts), shape=(len(y), len(starts) - 1)).tocsr(), y


def sklearn(x, y, tolerance):
    """Its own intercept, as it is meant to be used; newton-cholesky does not know many classes."""
    from sklearn.linear_model import LogisticRegression

    many = len(np.unique(y)) > 2
    model = LogisticRegression(
        penalty=None,
        solver="newton-cg" if many else "newton-cholesky",
        multi_class="multinomial" if many else "auto",
        tol=tolerance,
        max_iter=1000,
    )
    predictors = x[:, 1:]

    def coefficients(fit):
        each = np.vstack([fit.intercept_, fit.coef_.T])
        return each[:, 1:] - each[:, :1] if many else each

    return lambda: model.fit(predictors, y), coefficients


def statsmodels_glm(x, y, tolerance):
    import statsmodels.api as sm

    return (
        lambda: sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=tolerance),
        lambda fit: fit.params,
    )


def statsmodels_logit(x, y, tolerance):
    import statsmodels.api as sm

    return (
        lambda: sm.Logit(y, x).fit(method="newton", tol=tolerance, disp=0),
        lambda fit: fit.params,
    )


def statsmodels_mnlogit(x, y, tolerance):
    import statsmodels.api as sm

    return (
        lambda: sm.MNLogit(y, x).fit(method="newton", tol=tolerance, maxiter=100, disp=0),
        lambda fit: fit.params,
    )


PEERS = {
    peer.__name__: peer
    for peer in (sklearn, statsmodels_glm, statsmodels_logit, statsmodels_mnlogit)
}


def resident_megabytes(field):
    try:
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith(field + ":"))
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration):
        return float("nan")


def reset_resident_peak():
    try:
        with open("/proc/self/clear_refs", "w") as switch:
            switch.write("5\n")
    except OSError:
        pass


def main(peer, folder, result, tolerance, calls):
    warnings.simplefilter("ignore")
    x, y = read_rows(folder)
    # A small fit comes first, so that no import is measured; few sparse rows would be singular.
    if isinstance(x, np.ndarray):
        PEERS[peer](x[:500, :3], y[:500], 1e-4)[0]()

    fit, coefficients = PEERS[peer](x, y, float(tolerance))
    reset_resident_peak()
    before = resident_megabytes("VmRSS")
    start = time.perf_counter()
    for _ in range(int(calls)):
        fitted = fit()
    seconds = (time.perf_counter() - start) / int(calls)
    peak = resident_megabytes("VmHWM") - before

    beta = np.asarray(coefficients(fitted))
    columns = 1 if beta.ndim == 1 else beta.shape[1]
    with open(result, "w") as file:
        for value in [seconds, peak, columns, *beta.ravel(order="F")]:
            file.write(f"{value:.17g}\n")


main(*sys.argv[1:])
