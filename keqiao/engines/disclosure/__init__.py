"""Which cells of a published table to leave out, so that nobody finds a small one by taking others from the totals.

    >>> import numpy as np
    >>> suppress_line([9, 2, 5, 4], [False, True, False, False])
    (False, True, False, True)

A table stands with its totals: the last row holds the sums of the columns, the last column the sums of the rows, the
corner the sum of all. Some entries may not be shown (*unsafe*); hiding them alone often hides nothing, because a
single gap is the total less its neighbours. More entries are hidden until nothing can be found out.

Method. What a reader knows of the hidden entries is a flow: from a source to each row (its total), from the row to
each column (the cell), from the column to a sink (its total), and back (the sum of all). Published entries are edges
with a fixed flow, hidden ones are edges with a flow of at least `least` (empty cells are published as empty, so a gap
holds something). An entry can be found out exactly if its flow is the same in every flow that fits, and that is so if
and only if no cycle of the residual network passes through its edge (the integrality of flows makes this exact for
whole numbers, not only for fractions). Each answer of `derivable` is therefore exact: no hidden entry that it does not
name has one value only, and every one that it names has.

`suppress` hides the smallest entry that stands in a line with one that can be found out, and asks again; it ends,
because entries only become more. The result is safe, not always the smallest possible: finding the smallest is
NP-hard (Fischetti and Salazar 2001). The idea of complementary suppression is that of Cox (1980).

That an entry has more than one value does not yet hide it: a reader who knows it to be 4 or 5 knows enough. `bounds`
says how closely each hidden entry can be known, and `protect` hides until the bounds stand as far apart as is asked,
beside totals that are published elsewhere and cannot be hidden any more.
"""

from ._derive import derivable
from ._protect import bounds, protect
from ._suppress import CannotHideError, suppress, suppress_line

__all__ = ["CannotHideError", "bounds", "derivable", "protect", "suppress", "suppress_line"]
