"""The interior point method on the pattern of the hours."""

from solvers.kept import keep_apart

keep_apart()
