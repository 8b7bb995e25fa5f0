"""Products of a layout's matrix with a point and with row duals, hour by hour."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from numba import njit

from solvers.interior.entries import priced, push_slots, seen, summed


@njit(cache=True, nogil=True, error_model="numpy")
def multiply_stretch(p, span, x, border, rows):
    """Multiply the rows of the hours with a point.

    Parameters
    ----------
    p : Tables
    span : tuple of int
        First step of the stretch, and its end.
    x : ndarray (step, column)
    border : ndarray (border place,)
        Columns that exist once and promoted ones; zero at the places of rows.
    rows : ndarray (step, row)
        Written to.
    """
    first, end = span
    height, out = rows.shape[1], p.single.shape[0]
    for step in range(first, end):
        for row in range(height):
            total = seen(p, step * height + row, border)
            if row < out:
                if p.single[row] >= 0:
                    total += p.single_value[step, row] * x[step, p.single[row]]
            else:
                i = row - out
                for k in range(p.now_start[i], p.now_start[i + 1]):
                    total += p.now_value[step, k] * x[step, p.now_column[k]]
                if step > first:
                    for k in range(p.past_start[i], p.past_start[i + 1]):
                        total += p.past_value[step, k] * x[step - 1, p.past_column[k]]
            rows[step, row] = total


@njit(cache=True, nogil=True, error_model="numpy")
def price_stretch(p, span, duals, local, columns, pushed):
    """Multiply the columns of the hours with row duals, and the border's columns with those of the hours.

    Parameters
    ----------
    p : Tables
    span : tuple of int
        First step of the stretch, and its end.
    duals : tuple of ndarray (step, row), (border place,)
        Duals of the hours' rows; those of the border at the places of rows, zero elsewhere.
    local : ndarray (border place,)
        Place in ``pushed``, -1 for none.
    columns : ndarray (step, column)
        Written to.
    pushed : ndarray (local place,)
        Written to.
    """
    first, end = span
    dual, border = duals
    height, out = dual.shape[1], p.single.shape[0]
    kept = dual[:, out:]
    for step in range(first, end):
        for j in range(columns.shape[1]):
            total = priced(p, step, end, j, kept)
            for k in range(p.singles_start[j], p.singles_start[j + 1]):
                total += p.single_value[step, p.singles[k]] * dual[step, p.singles[k]]
            if p.summed[j] >= 0:
                total += summed(p, step, j, border)
            columns[step, j] = total
        for row in range(height):
            push_slots(p, step * height + row, dual[step, row], local, pushed)
