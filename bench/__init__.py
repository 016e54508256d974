"""Benchmarks: ormolu, SQLAlchemy and the raw driver doing the same work, side by side."""
