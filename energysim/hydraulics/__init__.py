"""Hot water in pipes: friction, heat loss, what a diameter carries and costs, and whole networks in steady state."""
