"""ormolu."""
