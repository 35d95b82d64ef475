"""Published editions of courses. An edition never changes; a new one never takes anything away."""
