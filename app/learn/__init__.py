"""The learner's pages: lessons, quizzes, results. A lesson view is three queries at most, and no write."""
