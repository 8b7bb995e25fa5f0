"""The engine that walks the hours: one small linear program after the other, each from the last one's basis."""

from solvers.kept import keep_apart

keep_apart()
