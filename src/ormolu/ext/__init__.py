"""Extensions, each imported by its own name."""
