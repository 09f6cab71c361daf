"""Opportunities: pipelines, stages, activities, buying committee, won and lost."""
